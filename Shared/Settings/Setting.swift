/// One value a process can be given: declared once, read by a `SettingsReader`, documented by `SettingsPage`.
package struct Setting<Value: Sendable>: Sendable, Readable {
    package let declaration: SettingDeclaration
    let defaultValue: Value?
    let parse: @Sendable (String) throws(SettingRefusal) -> Value

    /// - Parameters:
    ///   - name: the name the documents use; it wins over every alias.
    ///   - aliases: other names, the earlier ones winning.
    ///   - default: the value when none is set; without one the setting is required.
    ///   - shown: how the default reads in documents and in the effective configuration.
    package init(
        _ name: String, aliases: [String] = [], default defaultValue: Value?, shown: String, help: String,
        isSecret: Bool = false,
        parse: @escaping @Sendable (String) throws(SettingRefusal) -> Value
    ) {
        declaration = SettingDeclaration(
            name: name, aliases: aliases, defaultText: shown, isRequired: defaultValue == nil, help: help,
            isSecret: isSecret)
        self.defaultValue = defaultValue
        self.parse = parse
    }

    package var declarations: [SettingDeclaration] { [declaration] }

    package func read(from reader: inout SettingsReader) -> Value? {
        guard let found = reader.find(declaration) else {
            if let defaultValue { return defaultValue }
            reader.refuse(declaration.name, "is required")
            return nil
        }
        do {
            return try parse(found)
        } catch {
            reader.refuse(reader.nameUsed(for: declaration), error.message)
            return nil
        }
    }

    /// The same setting, absent without a fault: for what a process can do without.
    package var optional: Setting<Value?> {
        Setting<Value?>(
            declaration.name, aliases: declaration.aliases, default: .some(defaultValue),
            shown: declaration.defaultText,
            help: declaration.help, isSecret: declaration.isSecret
        ) { text throws(SettingRefusal) in try parse(text) }
    }
}

/// What a document says of a setting.
package struct SettingDeclaration: Sendable, Equatable {
    package let name: String
    package let aliases: [String]
    package let defaultText: String
    package let isRequired: Bool
    package let help: String
    package let isSecret: Bool
}

/// Anything a `SettingsReader` can read: one setting, or several that make one value together.
package protocol Readable<Value>: Sendable {
    associatedtype Value: Sendable
    var declarations: [SettingDeclaration] { get }
    /// Nil exactly when a fault was noted.
    func read(from reader: inout SettingsReader) -> Value?
}

/// Why a text is no value, as the end of a sentence that begins with the setting's name; it never repeats the text.
package struct SettingRefusal: Error, Equatable, ExpressibleByStringInterpolation {
    package let message: String

    package init(stringLiteral value: String) { message = value }
}

/// One fault: a name and what is wrong with it; with the value, unless that is a secret.
package struct SettingFault: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let message: String

    package var description: String { "\(name) \(message)" }
}

/// Everything that is wrong with the settings, at once. A process that meets it ends with code 78 (EX_CONFIG).
package struct SettingsFaults: Error, Equatable, CustomStringConvertible {
    package static let exitCode: Int32 = 78

    package let faults: [SettingFault]

    package init(_ faults: [SettingFault]) { self.faults = faults }

    package var description: String {
        "The settings are not usable:\n" + faults.map { "  - \($0)" }.joined(separator: "\n")
    }
}
