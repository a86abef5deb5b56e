/// Percent-decoding, once, into checked text. RFC 3986 §2.1.
enum PercentText {
    /// A path, with slashes merged. An empty one is `/`.
    static func path(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) -> String {
        if range.isEmpty { return "/" }
        if isPlainPath(bytes, range) { return try text(bytes.extracting(range)) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var segment = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            if bytes[offset] == UInt8(ascii: "/") {
                try checkSegment(decoded[segment...])
                if decoded.last != UInt8(ascii: "/") { decoded.append(UInt8(ascii: "/")) }
                segment = decoded.count
                offset += 1
                continue
            }
            let isEncoded = bytes[offset] == UInt8(ascii: "%")
            let byte = try isEncoded ? encoded(bytes, at: &offset, in: range) : bytes[offset]
            if !isEncoded { offset += 1 }
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") { throw .badTarget }
            decoded.append(byte)
        }
        try checkSegment(decoded[segment...])
        return try text(decoded.span)
    }

    /// A name or a value of a query.
    static func query(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) -> String {
        var decoded: [UInt8] = []
        var offset = range.lowerBound
        var copied = range.lowerBound
        while offset < range.upperBound {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") else {
                offset += 1
                continue
            }
            for earlier in copied..<offset { decoded.append(bytes[earlier]) }
            if byte == UInt8(ascii: "+") {
                decoded.append(0x20)
                offset += 1
            } else {
                decoded.append(try encoded(bytes, at: &offset, in: range))
            }
            copied = offset
        }
        if copied == range.lowerBound { return try text(bytes.extracting(range)) }
        for earlier in copied..<offset { decoded.append(bytes[earlier]) }
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
        var offset = target.lowerBound
        while offset < target.upperBound {
            if offset &+ 8 <= target.upperBound {
                let eight = EightBytes(bytes, at: offset)
                let found = eight.marks(slash) | eight.marks(percent) | eight.marks(question)
                if found == 0 {
                    offset &+= 8
                    continue
                }
                offset &+= EightBytes.first(found)
            }
            let byte = bytes[offset]
            if byte == question { return offset }
            if byte == percent { return nil }
            offset &+= 1
            guard byte == slash, offset < target.upperBound else { continue }
            if bytes[offset] == slash || bytes[offset] == UInt8(ascii: ".") { return nil }
        }
        return target.upperBound
    }

    private static func checkSegment(_ segment: ArraySlice<UInt8>) throws(MessageFault) {
        guard segment.count <= 2, !segment.isEmpty else { return }
        if segment.allSatisfy({ $0 == UInt8(ascii: ".") }) { throw .badTarget }
    }

    /// The byte of `%XX`; control characters are refused.
    private static func encoded(
        _ bytes: Span<UInt8>, at offset: inout Int, in range: Range<Int>
    ) throws(MessageFault) -> UInt8 {
        guard range.upperBound - offset >= 3, let high = FieldSyntax.hexValue(bytes[offset + 1]),
            let low = FieldSyntax.hexValue(bytes[offset + 2])
        else { throw .badTarget }
        let byte = high << 4 | low
        guard byte >= 0x20, byte != 0x7F else { throw .badTarget }
        offset += 3
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
