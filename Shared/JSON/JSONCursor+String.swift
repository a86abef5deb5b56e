extension JSONCursor {
    /// Reads the string whose opening quote is at the cursor. Without escapes its bytes are copied once.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONFault) -> String {
        let opening = at
        at &+= 1
        let start = at
        skipPlain(bytes)
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        guard at - start <= limits.stringBytes else { throw JSONFault(.stringTooLong, at: opening) }
        if bytes[at] == UInt8(ascii: "\"") {
            let text = try checked(bytes.extracting(start..<at)) { start + $0 }
            at &+= 1
            return text
        }
        return try stringWithEscapes(bytes, opening: opening)
    }

    /// Moves behind the string whose opening quote is at the cursor, which `JSONWriter` has written; false when it has
    /// no end.
    mutating func skipString(_ bytes: Span<UInt8>) -> Bool {
        at &+= 1
        while true {
            skipPlain(bytes)
            guard at < bytes.count else { return false }
            let byte = bytes[at]
            at &+= byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return true }
        }
    }

    /// Moves to the next quote, backslash or control character; eight bytes at a time while there is none.
    private mutating func skipPlain(_ bytes: Span<UInt8>) {
        var index = at
        while index &+ 8 <= bytes.count {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard JSONBytes.allPlain(word) else { break }
            index &+= 8
        }
        while index < bytes.count, JSONBytes.isPlain(bytes[index]) { index &+= 1 }
        at = index
    }

    /// The text of valid UTF-8; `offset` maps an index of the text to one of the document.
    private mutating func checked(_ text: Span<UInt8>, offset: (Int) -> Int) throws(JSONFault) -> String {
        do throws(UTF8.ValidationError) {
            let text = try UTF8Span(validating: text)
            isPlainASCII = text.isKnownASCII
            return String(copying: text)
        } catch {
            throw JSONFault(.invalidUTF8, at: offset(error.byteOffsets.lowerBound))
        }
    }

    /// Starts over from the quote and resolves escapes into the scratch buffer, which is validated as a whole: an
    /// escape adds whole scalars, so it cannot complete a sequence that was broken.
    private mutating func stringWithEscapes(_ bytes: Span<UInt8>, opening: Int) throws(JSONFault) -> String {
        scratch.removeAll(keepingCapacity: true)
        at = opening + 1
        while true {
            let start = at
            skipPlain(bytes)
            guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
            guard scratch.count + (at - start) <= limits.stringBytes else {
                throw JSONFault(.stringTooLong, at: opening)
            }
            for index in start..<at { scratch.append(bytes[index]) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard scratch.count <= limits.stringBytes else { throw JSONFault(.stringTooLong, at: opening) }
                let resolved = scratch
                let text = try checked(resolved.span) { _ in opening }
                at &+= 1
                return text
            case UInt8(ascii: "\\"): try escape(bytes)
            default: throw JSONFault(bytes[at] == 0 ? .nulCharacter : .controlCharacter, at: at)
            }
        }
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONFault) {
        guard at + 1 < bytes.count else { throw JSONFault(.unexpectedEnd, at: bytes.count) }
        let start = at
        at += 2
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): scratch.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): scratch.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): scratch.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): scratch.append(contentsOf: String(try scalar(bytes, from: start)).utf8)
        default: throw JSONFault(.invalidEscape, at: start)
        }
    }

    /// The scalar of `\uXXXX`, or of a surrogate pair of two such escapes; the cursor is behind the first `u`.
    private mutating func scalar(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try fourDigits(bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        else { throw JSONFault(.loneSurrogate, at: start) }
        at += 2
        let second = try fourDigits(bytes)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF))
        else { throw JSONFault(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func fourDigits(_ bytes: Span<UInt8>) throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
            let byte = bytes[at]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONFault(.invalidEscape, at: at)
            }
            value = value << 4 | UInt32(digit)
            at &+= 1
        }
        return value
    }
}
