package import Kernel

extension Setting where Value == String {
    /// Any text; with a default of nil it is required.
    package static func text(_ name: String, aliases: [String] = [], default defaultValue: String? = nil, help: String)
        -> Self
    {
        Setting(name, aliases: aliases, default: defaultValue, shown: defaultValue ?? "", help: help) {
            text throws(SettingRefusal) in text
        }
    }

    /// An absolute URL with one of the schemes.
    package static func url(
        _ name: String, aliases: [String] = [], schemes: [String] = ["http", "https"],
        default defaultValue: String? = nil,
        help: String
    ) -> Self {
        Setting(name, aliases: aliases, default: defaultValue, shown: defaultValue ?? "", help: help) {
            text throws(SettingRefusal) in
            guard let url = SettingURL(text), schemes.contains(url.scheme) else {
                throw "must be a URL with \(schemes.map { $0 + "://" }.joined(separator: " or "))"
            }
            return text
        }
    }
}

extension Setting where Value == Secret {
    /// A key or password of at least so many bytes.
    package static func secret(_ name: String, aliases: [String] = [], minimumBytes: Int = 1, help: String) -> Setting<
        Secret
    > {
        Setting(name, aliases: aliases, default: nil, shown: "", help: help, isSecret: true) {
            text throws(SettingRefusal) in
            guard text.utf8.count >= minimumBytes else { throw "must have at least \(minimumBytes) bytes" }
            return Secret(text)
        }
    }
}

extension Setting where Value == Int {
    package static func integer(
        _ name: String, aliases: [String] = [], in range: ClosedRange<Int>, default defaultValue: Int? = nil,
        help: String
    ) -> Self {
        Setting(name, aliases: aliases, default: defaultValue, shown: defaultValue.map(String.init) ?? "", help: help) {
            text throws(SettingRefusal) in
            guard let value = Int(text), range.contains(value) else {
                throw "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            return value
        }
    }

    package static func port(_ name: String, aliases: [String] = [], default defaultValue: Int? = nil, help: String)
        -> Self
    {
        integer(name, aliases: aliases, in: 0...65_535, default: defaultValue, help: help)
    }

    /// A size in bytes: `10485760`, `512k`, `10MB`, `1GiB` (all powers of 1024). A bare number counts in `unit`.
    package static func bytes(
        _ name: String, aliases: [String] = [], unit: ByteUnit = .byte, default defaultValue: Int, help: String
    ) -> Self {
        Setting(name, aliases: aliases, default: defaultValue, shown: "\(defaultValue / unit.rawValue)", help: help) {
            text throws(SettingRefusal) in
            guard let size = ByteUnit.read(text, bare: unit) else { throw "must be a size such as 512k, 10MB or 1GiB" }
            return size
        }
    }
}

extension Setting where Value == Bool {
    /// As Django and Compose people write it: true, 1, yes, on (any case) and their opposites.
    package static func flag(_ name: String, aliases: [String] = [], default defaultValue: Bool? = nil, help: String)
        -> Self
    {
        Setting(
            name, aliases: aliases, default: defaultValue, shown: defaultValue.map { $0 ? "true" : "false" } ?? "",
            help: help
        ) {
            text throws(SettingRefusal) in
            switch CleanText.trimmed(text).lowercased() {
            case "true", "1", "yes", "y", "on", "t": return true
            case "false", "0", "no", "n", "off", "f": return false
            default: throw "must be true or false"
            }
        }
    }
}

extension Setting where Value == [String] {
    /// Parts between commas (or, where there is no comma, white space), trimmed, none of them empty.
    package static func list(
        _ name: String, aliases: [String] = [], default defaultValue: [String]? = nil, help: String
    ) -> Self {
        Setting(
            name, aliases: aliases, default: defaultValue, shown: defaultValue.map { $0.joined(separator: ",") } ?? "",
            help: help
        ) { text throws(SettingRefusal) in
            text.split(whereSeparator: { text.contains(",") ? $0 == "," : $0.isWhitespace })
                .map { CleanText.trimmed(String($0)) }.filter { !$0.isEmpty }
        }
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the type's raw values, in any case.
    package static func choice(_ name: String, aliases: [String] = [], default defaultValue: Value? = nil, help: String)
        -> Self
    {
        Setting(name, aliases: aliases, default: defaultValue, shown: defaultValue?.rawValue ?? "", help: help) {
            text throws(SettingRefusal) in
            guard let value = Value.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
                throw "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
            }
            return value
        }
    }
}
