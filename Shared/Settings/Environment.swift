// Settings: how a process learns what it was asked to be, once, at start.
//
// An `Environment` is where values are looked for; a `Setting` declares one value with its names, default and help; a
// `SettingsReader` reads any number of them and reports every fault together. Documents (`settings.md`, `.env.example`)
// are made from the same declarations. It leaves to others: which settings a service has (its Settings.swift), and
// ending the process with code 78 (Chassis).

import Glibc

/// Where settings come from, in this order: the process's environment; the `.env` file; the file named by `NAME_FILE`
/// (from either); `$CREDENTIALS_DIRECTORY/NAME` or `/name` in lower case, as systemd provides it. The first that has
/// the name wins.
package struct Environment: Sendable {
    private let process: [String: String]
    private let dotEnv: [String: String]
    private let contents: @Sendable (_ path: String) -> String?

    /// Everything given, for tests. `contents` reads a whole small file, or is nil when it cannot.
    package init(
        process: [String: String], dotEnv: [String: String] = [:],
        contents: @escaping @Sendable (_ path: String) -> String? = { _ in nil }
    ) {
        (self.process, self.dotEnv, self.contents) = (process, dotEnv, contents)
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
        case standard = "default"
    }

    /// The value under this very name. An empty value counts as set: compose passes unset variables so, and `Setting`
    /// treats it as absent.
    func find(_ name: String) throws(SettingFault) -> Found? {
        if let value = process[name] { return Found(value: value, origin: .process) }
        if let value = dotEnv[name] { return Found(value: value, origin: .dotEnv) }
        let pointer = name + "_FILE"
        if let path = process[pointer] ?? dotEnv[pointer], !path.isEmpty {
            guard let text = contents(path) else {
                throw SettingFault(name: pointer, message: "the file it names cannot be read")
            }
            return Found(value: Self.withoutLineEnd(text), origin: .file)
        }
        guard let directory = process["CREDENTIALS_DIRECTORY"], !directory.isEmpty else { return nil }
        for file in [name, name.lowercased()] {
            if let text = contents("\(directory)/\(file)") {
                return Found(value: Self.withoutLineEnd(text), origin: .credential)
            }
        }
        return nil
    }

    /// Editors and `echo` end a file with a newline that nobody means as part of a password.
    private static func withoutLineEnd(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        if scalars.last == "\n" { scalars.removeLast() }
        if scalars.last == "\r" { scalars.removeLast() }
        return String(scalars)
    }
}
