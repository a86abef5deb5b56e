@_spi(_Unicode) import Swift

/// Text as the contract stores it (api.md §1 Text): trimmed, NFC, without control characters or complete HTML tags.
package enum CleanText {
    /// Why a text is refused.
    package enum Fault: Error, Equatable { case controlCharacter }

    /// The text as it is kept. `multiline` lets newline and tab stay; a CR LF becomes a newline.
    package static func clean(_ text: String, multiline: Bool = false) throws(Fault) -> String {
        if isClean(text) { return text }
        var scalars = String.UnicodeScalarView()
        var isASCII = true
        var hasAngle = false
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                let isBlank = scalar == "\n" || scalar == "\t" || scalar == "\r"
                guard multiline, isBlank else {
                    // A blank at either end is trimmed below, as any other white space.
                    if isBlank { scalars.append(scalar); continue }
                    throw .controlCharacter
                }
                if scalar == "\r" { continue }
            }
            if scalar.value > 127 { isASCII = false }
            if scalar == "<" { hasAngle = true }
            scalars.append(scalar)
        }
        var clean = String(scalars)
        if !isASCII { clean = isInvisible(clean) ? "" : nfc(clean) }
        clean = hasAngle ? trimmed(withoutTags(clean)) : trimmed(clean)
        if !multiline, clean.unicodeScalars.contains(where: isControl) { throw .controlCharacter }
        return clean
    }

    /// Whether it is ASCII in which nothing is to be changed, as most texts are.
    private static func isClean(_ text: String) -> Bool {
        text.utf8.first != 0x20 && text.utf8.last != 0x20
            && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "<") }
    }

    /// Unicode normalisation form C (UAX #15), by the standard library's own tables.
    package static func nfc(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text._nfc { result.append(scalar) }
        return String(result)
    }

    package static func trimmed(_ text: String) -> String {
        // Most texts begin and end with what is no white space in ASCII.
        if let first = text.utf8.first, let last = text.utf8.last, isVisible(first), isVisible(last) { return text }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return text }
        return String(scalars[first...last])
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21..<0x7F).contains(byte) }

    /// Whether nothing of it can be seen: white space, what Unicode tells renderers to ignore (zero width space, soft
    /// hyphen, Hangul filler, variation selectors; UAX #44, Default_Ignorable_Code_Point) and the blank Braille
    /// pattern.
    private static func isInvisible(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint || $0 == "\u{2800}"
        }
    }

    /// C0, DEL, C1, and the bidi overrides and separators that make a text show as something else.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// Removes complete tags (`<b>`, `</b>`, `<!-- -->`) until none is left, so that `<<b>script>` cannot make a new
    /// one; a lone `<`, as in "BP < 120", stays. Each pass shortens the text, so it ends.
    static func withoutTags(_ text: String) -> String {
        var bytes = Array(text.utf8)
        while let shorter = removingTagsOnce(bytes) { bytes = shorter }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func removingTagsOnce(_ bytes: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        // Beyond the last `>` nothing can be complete: without this bound, many lone `<` would cost quadratic time.
        let lastClose = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<"), position < lastClose, opensTag(bytes, at: position + 1),
                let end = bytes[position...].firstIndex(of: UInt8(ascii: ">"))
            {
                position = end + 1
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return result.count == bytes.count ? nil : result
    }

    private static func opensTag(_ bytes: [UInt8], at position: Int) -> Bool {
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case 65...90, 97...122, UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "?"): return true
        default: return false
        }
    }
}
