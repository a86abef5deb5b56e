/// One line being written, as JSON or as text. Every value passes through the escaping here: no input can start a line
/// of its own.
struct LogLine {
    /// PIPE_BUF: a write of at most so many bytes into a pipe is atomic, and never blocks once `poll` calls the pipe
    /// writable.
    static let limit = 4096
    /// One value takes no more than this, so that a long one does not push out the others. Bytes.
    static let valueLimit = 1024

    private(set) var bytes: [UInt8] = []
    private let format: LogFormat
    private var isCut = false

    init(_ format: LogFormat) {
        self.format = format
        bytes.reserveCapacity(256)
    }

    mutating func head(time: String, level: LogLevel, service: String, sentence: StaticString) {
        switch format {
        case .json:
            bytes.append(UInt8(ascii: "{"))
            pair("time", .text(time))
            pair("level", .text(level.rawValue))
            pair("service", .text(service))
            pair("message", .text(sentence.description))
        case .text:
            let name = level.rawValue + String(repeating: " ", count: 7 - level.rawValue.utf8.count)
            bytes += Array("\(time) \(name) ".utf8)
            escaped(service)
            bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            escaped(sentence.description)
        }
    }

    /// Adds a pair, or nothing when the line would grow past its limit (then the line says that it was cut).
    mutating func pair(_ key: String, _ value: LoggedValue) {
        guard !isCut else { return }
        let before = bytes.count
        switch format {
        case .json:
            if before > 1 { bytes.append(UInt8(ascii: ",")) }
            quoted(key)
            bytes.append(UInt8(ascii: ":"))
        case .text:
            bytes.append(UInt8(ascii: " "))
            escaped(key)
            bytes.append(UInt8(ascii: "="))
        }
        write(value)
        if bytes.count > Self.limit - 32 {
            bytes.removeSubrange(before...)
            isCut = true
        }
    }

    mutating func end() {
        switch (format, isCut) {
        case (.json, true): bytes += Array(#","cut":true}"#.utf8)
        case (.json, false): bytes.append(UInt8(ascii: "}"))
        case (.text, true): bytes += Array(" cut=true".utf8)
        case (.text, false): break
        }
        bytes.append(0x0A)
    }

    private mutating func write(_ value: LoggedValue) {
        switch value {
        case .text(let text): format == .json || text.contains(" ") || text.isEmpty ? quoted(text) : escaped(text)
        case .integer(let integer): bytes += Array(String(integer).utf8)
        case .number(let number): bytes += Array(String(number).utf8)
        case .truth(let truth): bytes += Array((truth ? "true" : "false").utf8)
        case .none: bytes += Array("null".utf8)
        case .hidden: quoted("•••")
        }
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        escaped(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// JSON's escapes in both formats; C0, DEL, C1 and the line and paragraph separators never stand as themselves.
    private mutating func escaped(_ text: String) {
        var left = Self.valueLimit
        for scalar in text.unicodeScalars {
            guard left > 0 else { return bytes.append(contentsOf: Array("…".utf8)) }
            left -= UTF8.width(scalar)
            switch scalar.value {
            case 0x22, 0x5C: bytes += [0x5C, UInt8(truncatingIfNeeded: scalar.value)]
            case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
            case 0x0D: bytes += [0x5C, UInt8(ascii: "r")]
            case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
            case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: unicode(scalar.value)
            case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default: bytes += Array(String(scalar).utf8)
            }
        }
    }

    private mutating func unicode(_ value: UInt32) {
        let digits = String(value, radix: 16)
        bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
    }
}
