/// A unit of time or size that a bare number in a setting counts in.
package enum TimeUnit: Int, Sendable {
    case second = 1
    case minute = 60
    case hour = 3600
    case day = 86_400

    /// `90s`, `15m`, `1h`, `7d`, or a bare whole number of `bare`. Nothing negative, nothing beyond 64 bits.
    static func read(_ text: some StringProtocol, bare: TimeUnit) -> Duration? {
        var digits = Substring(text)
        var unit = bare
        if let last = digits.last, !last.isNumber {
            guard let named = named(last) else { return nil }
            unit = named
            digits.removeLast()
        }
        guard let count = UInt32(digits) else { return nil }
        return .seconds(Int(count) * unit.rawValue)
    }

    static func named(_ letter: Character) -> TimeUnit? {
        switch letter {
        case "s": .second
        case "m": .minute
        case "h": .hour
        case "d": .day
        default: nil
        }
    }
}

/// The unit of a setting that is a size, with its number of bytes.
package enum ByteUnit: Int, Sendable {
    case byte = 1
    case kibibyte = 1024
    case mebibyte = 1_048_576
    case gibibyte = 1_073_741_824

    static func read(_ text: String, bare: ByteUnit) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let unit: ByteUnit
        switch text.dropFirst(digits.count).lowercased() {
        case "": unit = bare
        case "b": unit = .byte
        case "k", "kb", "kib": unit = .kibibyte
        case "m", "mb", "mib": unit = .mebibyte
        case "g", "gb", "gib": unit = .gibibyte
        default: return nil
        }
        let (size, isTooBig) = count.multipliedReportingOverflow(by: unit.rawValue)
        return isTooBig ? nil : size
    }
}

/// How often something may happen: so many in a window. Written `5/1h`, `10/15m`, `100/60s`, or DRF's `10/hour`.
package struct Rate: Sendable, Equatable, CustomStringConvertible {
    package let limit: Int
    package let window: Duration

    package init(limit: Int, window: Duration) {
        self.limit = limit
        self.window = window
    }

    /// A bare number keeps the window of the default.
    package init?(_ text: String, default defaultValue: Rate) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let limit = UInt32(first), limit > 0 else { return nil }
        guard parts.count == 2 else {
            self.init(limit: Int(limit), window: defaultValue.window)
            return
        }
        let window: Duration?
        switch parts[1] {
        case "s", "sec", "second": window = .seconds(1)
        case "m", "min", "minute": window = .seconds(60)
        case "h", "hour": window = .seconds(3600)
        case "d", "day": window = .seconds(86_400)
        default: window = TimeUnit.read(parts[1], bare: .second)
        }
        guard let window, window > .zero else { return nil }
        self.init(limit: Int(limit), window: window)
    }

    package var description: String { "\(limit)/\(window.components.seconds)s" }
}

extension Setting where Value == Duration {
    /// `90s`, `15m`, `1h`, `7d`; a bare number counts in `unit`, as in `ACCESS_TOKEN_LIFETIME_MIN=15`.
    package static func duration(
        _ name: String, aliases: [String] = [], unit: TimeUnit, default defaultValue: Duration, help: String
    ) -> Self {
        let shown = defaultValue.components.seconds / Int64(unit.rawValue)
        return Setting(name, aliases: aliases, default: defaultValue, shown: String(shown), help: help) {
            text throws(SettingRefusal) in
            guard let duration = TimeUnit.read(text, bare: unit) else {
                throw "must be a time such as 90s, 15m, 1h or 7d (a bare number counts \(unit)s)"
            }
            return duration
        }
    }
}

extension Setting where Value == Rate {
    package static func rate(_ name: String, aliases: [String] = [], default defaultValue: Rate, help: String) -> Self {
        Setting(name, aliases: aliases, default: defaultValue, shown: defaultValue.description, help: help) {
            text throws(SettingRefusal) in
            guard let rate = Rate(text, default: defaultValue) else { throw "must be a rate such as 5/1h or 10/15m" }
            return rate
        }
    }
}
