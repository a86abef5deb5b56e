/// Reads settings and keeps what was seen: the faults, which of two names won, and the effective configuration.
package struct SettingsReader {
    private let environment: Environment
    private var faults: [SettingFault] = []
    private var used: [String: String] = [:]
    /// What was found under a name, as faults show it; of secrets nothing.
    private var seen: [String: String] = [:]
    /// One line per setting that was given under two names: which one won. Never a value.
    package private(set) var notes: [String] = []
    /// Each setting read, in order, with secrets masked.
    package private(set) var effective: [EffectiveSetting] = []

    package init(_ environment: Environment) {
        self.environment = environment
    }

    /// Reads all of them; throws once, with every fault of all of them.
    package mutating func read<each Part: Readable>(
        _ part: repeat each Part
    ) throws(SettingsFaults) -> (repeat (each Part).Value) {
        let values = (repeat (each part).read(from: &self))
        guard faults.isEmpty else { throw take() }
        do { return (repeat try Self.present(each values)) } catch { throw take() }
    }

    /// For settings read one by one with `Readable.read(from:)`: throws what was noted since.
    package mutating func finish() throws(SettingsFaults) {
        guard faults.isEmpty else { throw take() }
    }

    /// The first name, in the stated order, that has a non-empty value. Names are tried, their clash noted, and the
    /// result recorded.
    mutating func find(_ declaration: SettingDeclaration) -> String? {
        var winner: (name: String, found: Environment.Found)?
        var losers: [String] = []
        for name in [declaration.name] + declaration.aliases {
            do {
                guard let found = try environment.find(name) else { continue }
                if winner == nil { winner = (name, found) } else { losers.append(name) }
            } catch {
                faults.append(error)
            }
        }
        guard let winner else {
            effective.append(.init(name: declaration.name, value: declaration.defaultText, origin: .default))
            return nil
        }
        if !losers.isEmpty {
            notes.append("\(winner.name) is used; \(losers.joined(separator: ", ")) also set, and ignored")
        }
        used[declaration.name] = winner.name
        let shown = declaration.isSecret ? "•••" : Self.withoutLogin(winner.found.value)
        if !declaration.isSecret { seen[winner.name] = shown }
        effective.append(
            .init(name: winner.name, value: shown, origin: winner.found.origin))
        return winner.found.value
    }

    /// The name under which a setting was given, for messages its reader will recognise.
    func nameUsed(for declaration: SettingDeclaration) -> String { used[declaration.name] ?? declaration.name }

    /// Notes a fault with the value that was seen, where it is no secret; reading goes on, so that all are found.
    package mutating func refuse(_ name: String, _ message: String) {
        let shown = seen[name].map { ", and is \"\(Self.excerpt($0))\"" } ?? ""
        faults.append(SettingFault(name: name, message: message + shown))
    }

    /// A URL's user and password are nobody's to read, whatever setting holds it.
    private static func withoutLogin(_ value: String) -> String {
        guard let mark = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"), mark.upperBound < at else {
            return value
        }
        return value[..<mark.upperBound] + "•••" + value[at...]
    }

    /// One line of at most 60 characters.
    private static func excerpt(_ value: String) -> String {
        let line = value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return line.count <= 60 ? String(line) : String(line.prefix(60)) + "…"
    }

    /// Notes again what a reading threw.
    package mutating func note(_ thrown: SettingsFaults) { faults += thrown.faults }

    /// Notes, in one line, those of the settings that are set and yet play no part.
    mutating func ignored(_ declarations: [SettingDeclaration], because reason: String) {
        let names = declarations.flatMap { [$0.name] + $0.aliases }.filter {
            (try? environment.find($0)) != nil
        }
        if !names.isEmpty { notes.append("\(names.joined(separator: ", ")) set, and ignored: \(reason)") }
    }

    private mutating func take() -> SettingsFaults {
        defer { faults = [] }
        return SettingsFaults(faults.isEmpty ? [SettingFault(name: "settings", message: "are incomplete")] : faults)
    }

    private struct Absent: Error {}

    private static func present<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Absent() }
        return value
    }
}

/// A setting as it took effect.
package struct EffectiveSetting: Sendable, Equatable, CustomStringConvertible {
    package let name: String
    /// Masked when it is a secret.
    package let value: String
    package let origin: Environment.Origin

    package var description: String { "\(name)=\(value) (\(origin.rawValue))" }
}
