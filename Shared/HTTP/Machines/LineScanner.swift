/// Finds the lines of a head, however the bytes arrive. Each byte is looked at once, and only CRLF ends a line: a bare CR
/// or LF, a NUL and every control character but TAB are refused here, so no later step meets one.
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
            let place = Self.firstControl(bytes, from: scanned, to: bound)
            scanned = place
            if place - lineStart > limit { throw tooLong }
            guard place < bound else { return nil }
            switch bytes[place] {
            case 0x09: scanned = place + 1
            case 0x0D:
                guard place + 1 < bytes.count else { return nil }
                guard bytes[place + 1] == 0x0A else { throw .badLineEnding }
                let line = lineStart..<place
                lineStart = place + 2
                scanned = lineStart
                return line
            case 0x0A: throw .badLineEnding
            default: throw .badCharacter
            }
        }
    }

    /// Where the next LF stands.
    static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var place = firstControl(bytes, from: start, to: bytes.count)
        while place < bytes.count, bytes[place] != 0x0A {
            place = firstControl(bytes, from: place &+ 1, to: bytes.count)
        }
        return place < bytes.count ? place : nil
    }

    /// Where the first byte below 0x20, or 0x7F, stands; eight bytes at a time.
    static func firstControl(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= bytes.count, "beyond the bytes")
        var place = start
        while place &+ 32 <= end {
            let found =
                controls(bytes, place) | controls(bytes, place &+ 8) | controls(bytes, place &+ 16)
                | controls(bytes, place &+ 24)
            if found != 0 { break }
            place &+= 32
        }
        while place &+ 8 <= end {
            let found = controls(bytes, place)
            if found != 0 { return place &+ EightBytes.first(found) }
            place &+= 8
        }
        while place < end, bytes[place] >= 0x20, bytes[place] != 0x7F { place &+= 1 }
        return place
    }

    @inline(__always)
    private static func controls(_ bytes: Span<UInt8>, _ place: Int) -> UInt64 { EightBytes(bytes, at: place).controls }
}
