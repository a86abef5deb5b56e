/// Percent-decoding, once, into checked text. RFC 3986 §2.1.
enum PercentText {
    /// A path, with slashes merged. An empty one is `/`.
    static func path(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) -> String {
        if range.isEmpty { return "/" }
        if isPlainPath(bytes, range) { return try text(bytes.extracting(range)) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var segment = 0
        var place = range.lowerBound
        while place < range.upperBound {
            if bytes[place] == UInt8(ascii: "/") {
                try checkSegment(decoded[segment...])
                if decoded.last != UInt8(ascii: "/") { decoded.append(UInt8(ascii: "/")) }
                segment = decoded.count
                place += 1
                continue
            }
            let isEncoded = bytes[place] == UInt8(ascii: "%")
            let byte = try isEncoded ? encoded(bytes, at: &place, in: range) : bytes[place]
            if !isEncoded { place += 1 }
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") { throw .badTarget }
            decoded.append(byte)
        }
        try checkSegment(decoded[segment...])
        return try text(decoded.span)
    }

    /// A name or a value of a query.
    static func query(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) -> String {
        var decoded: [UInt8] = []
        var place = range.lowerBound
        var copied = range.lowerBound
        while place < range.upperBound {
            let byte = bytes[place]
            guard byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") else {
                place += 1
                continue
            }
            for earlier in copied..<place { decoded.append(bytes[earlier]) }
            if byte == UInt8(ascii: "+") {
                decoded.append(0x20)
                place += 1
            } else {
                decoded.append(try encoded(bytes, at: &place, in: range))
            }
            copied = place
        }
        if copied == range.lowerBound { return try text(bytes.extracting(range)) }
        for earlier in copied..<place { decoded.append(bytes[earlier]) }
        return try text(decoded.span)
    }

    /// Nothing in it is encoded, doubled or begins with a dot: it can be taken as it is.
    static func isPlainPath(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        endOfPlainPath(bytes, range) == range.upperBound
    }

    /// Where such a path ends, at its query or with the target; nil for another.
    static func endOfPlainPath(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Int? {
        precondition(target.upperBound <= bytes.count, "beyond the bytes")
        let (slash, percent, question) = (UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "?"))
        var place = target.lowerBound
        while place < target.upperBound {
            if place &+ 8 <= target.upperBound {
                let eight = EightBytes(bytes, at: place)
                let found = eight.marks(slash) | eight.marks(percent) | eight.marks(question)
                if found == 0 {
                    place &+= 8
                    continue
                }
                place &+= EightBytes.first(found)
            }
            let byte = bytes[place]
            if byte == question { return place }
            if byte == percent { return nil }
            place &+= 1
            guard byte == slash, place < target.upperBound else { continue }
            if bytes[place] == slash || bytes[place] == UInt8(ascii: ".") { return nil }
        }
        return target.upperBound
    }

    private static func checkSegment(_ segment: ArraySlice<UInt8>) throws(MessageFault) {
        guard segment.count <= 2, !segment.isEmpty else { return }
        if segment.allSatisfy({ $0 == UInt8(ascii: ".") }) { throw .badTarget }
    }

    /// The byte of `%XX`; control characters are refused.
    private static func encoded(
        _ bytes: Span<UInt8>, at place: inout Int, in range: Range<Int>
    ) throws(MessageFault) -> UInt8 {
        guard range.upperBound - place >= 3, let high = FieldSyntax.hexValue(bytes[place + 1]),
            let low = FieldSyntax.hexValue(bytes[place + 2])
        else { throw .badTarget }
        let byte = high << 4 | low
        guard byte >= 0x20, byte != 0x7F else { throw .badTarget }
        place += 3
        return byte
    }

    private static func text(_ bytes: Span<UInt8>) throws(MessageFault) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw .badTarget
        }
    }
}
