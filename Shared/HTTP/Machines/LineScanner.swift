/// Finds the lines of a head, however the bytes arrive. Each byte is looked at once, and only CRLF ends a line: a bare
/// CR or LF, a NUL and every control character but TAB are refused here, so no later step meets one.
struct LineScanner: Sendable {
    /// Where the current line starts.
    private(set) var lineStart = 0
    /// Up to here no line end was found.
    private var scanned = 0

    init() {}

    /// The next line without its CRLF, or nil until more bytes are there. `limit` is its longest length.
    mutating func next(
        _ bytes: Span<UInt8>, limit: Int, tooLong: MessageFault
    ) throws(MessageFault) -> Range<Int>? {
        let bound = min(bytes.count, lineStart + limit + 2)
        while true {
            let offset = Self.firstControl(bytes, from: scanned, to: bound)
            scanned = offset
            if offset - lineStart > limit { throw tooLong }
            guard offset < bound else { return nil }
            switch bytes[offset] {
            case 0x09: scanned = offset + 1
            case 0x0D:
                guard offset + 1 < bytes.count else { return nil }
                guard bytes[offset + 1] == 0x0A else { throw .badLineEnding }
                let line = lineStart..<offset
                lineStart = offset + 2
                scanned = lineStart
                return line
            case 0x0A: throw .badLineEnding
            default: throw .badCharacter
            }
        }
    }

    /// Where the next LF stands.
    static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var offset = firstControl(bytes, from: start, to: bytes.count)
        while offset < bytes.count, bytes[offset] != 0x0A {
            offset = firstControl(bytes, from: offset &+ 1, to: bytes.count)
        }
        return offset < bytes.count ? offset : nil
    }

    /// Where the first byte below 0x20, or 0x7F, stands; eight bytes at a time.
    static func firstControl(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= bytes.count, "beyond the bytes")
        var offset = start
        while offset &+ 32 <= end {
            let found =
                controls(bytes, offset) | controls(bytes, offset &+ 8) | controls(bytes, offset &+ 16)
                | controls(bytes, offset &+ 24)
            if found != 0 { break }
            offset &+= 32
        }
        while offset &+ 8 <= end {
            let found = controls(bytes, offset)
            if found != 0 { return offset &+ EightBytes.first(found) }
            offset &+= 8
        }
        while offset < end, bytes[offset] >= 0x20, bytes[offset] != 0x7F { offset &+= 1 }
        return offset
    }

    @inline(__always)
    private static func controls(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
        EightBytes(bytes, at: offset).controls
    }
}
