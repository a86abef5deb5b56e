// Settings: how a process learns what it was asked to be, once, at start.
//
// An `Environment` is where values are looked for; a `Setting` declares one value with its names, default and help; a
// `SettingsReader` reads any number of them and reports every fault together. Documents (`settings.md`, `.env.example`)
// are made from the same declarations. It leaves to others: which settings a service has (its Settings.swift), and
// ending the process with code 78 (Chassis).

import Glibc

/// Where settings come from, in this order: the process's environment; the `.env` file; the file named by `NAME_FILE`
/// (from either); `$CREDENTIALS_DIRECTORY/NAME` or `/name` in lower case, as systemd provides it. The first that has
/// the name with a value wins: an empty one is not set, as Compose passes unset variables.
package struct Environment: Sendable {
    private let process: [String: String]
    private let dotEnv: [String: String]
    private let contents: @Sendable (_ path: String) -> String?

    /// Everything given, for tests. `contents` reads a whole small file, or is nil when it cannot.
    package init(
        process: [String: String], dotEnv: [String: String] = [:],
        contents: @escaping @Sendable (_ path: String) -> String? = { _ in nil }
    ) {
        self.process = process
        self.dotEnv = dotEnv
        self.contents = contents
    }

    /// The real one. A missing `.env` is no fault; an unreadable line in it is.
    package static func load(dotEnvPath: String = ".env") throws(SettingsFaults) -> Environment {
        var file: [String: String] = [:]
        if let text = SmallFile.read(dotEnvPath) {
            do { file = try DotEnv.parse(text) } catch {
                throw SettingsFaults([
                    SettingFault(name: dotEnvPath, message: "line \(error.line): \(error.message)")
                ])
            }
        }
        return Environment(process: ProcessEnvironment.all(), dotEnv: file, contents: { SmallFile.read($0) })
    }

    /// A value and where it was found.
    package struct Found: Sendable, Equatable {
        package let value: String
        package let origin: Origin
    }

    /// Where a value was found, in the words that operators read.
    package enum Origin: String, Sendable {
        case process = "environment"
        case dotEnv = ".env"
        case file = "NAME_FILE"
        case credential = "credential"
        case `default`
    }

    /// The value under this very name; nil where it is set nowhere, or empty wherever it is.
    func find(_ name: String) throws(SettingFault) -> Found? {
        if let value = Self.given(process[name]) { return Found(value: value, origin: .process) }
        if let value = Self.given(dotEnv[name]) { return Found(value: value, origin: .dotEnv) }
        let pointer = name + "_FILE"
        if let path = Self.given(process[pointer]) ?? Self.given(dotEnv[pointer]) {
            guard let text = contents(path) else {
                throw SettingFault(name: pointer, message: "the file it names cannot be read")
            }
            return Self.given(Self.withoutLineEnd(text)).map { Found(value: $0, origin: .file) }
        }
        guard let directory = Self.given(process["CREDENTIALS_DIRECTORY"]) else { return nil }
        for file in [name, name.lowercased()] {
            if let text = Self.given(contents("\(directory)/\(file)").map(Self.withoutLineEnd)) {
                return Found(value: text, origin: .credential)
            }
        }
        return nil
    }

    private static func given(_ value: String?) -> String? {
        value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Editors and `echo` end a file with a newline that nobody means as part of a password.
    private static func withoutLineEnd(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        if scalars.last == "\n" { scalars.removeLast() }
        if scalars.last == "\r" { scalars.removeLast() }
        return String(scalars)
    }
}
