@_spi(_Unicode) import Swift

/// What names and cities are compared by in a search: `ŁUKASZ O’Neill–García` is `lukasz o'neill-garcia`. Case,
/// accents, widths, ligatures, dashes and apostrophes make no difference; what nobody sees is left out, and a comma is
/// a blank. `search_folded` in registry's database says the same of the same letters, and a test compares the two.
package enum SearchText {
    /// The words of a search, in the order they were typed; none when there is nothing to look for.
    package static func words(of text: String) -> [String] {
        folded(text).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Decomposed, without marks, in capitals and then in small letters (which makes `ß` `ss`, `ﬁ` `fi` and all
    /// sigmas one), with plain letters and signs, composed again.
    package static func folded(_ text: String) -> String {
        if let plain = foldedASCII(text) { return plain }
        var capitals = String.UnicodeScalarView()
        for scalar in text._nfd where !isLeftOut(scalar) {
            capitals.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
        }
        var plain = String.UnicodeScalarView()
        for scalar in capitals {
            for small in scalar.properties.lowercaseMapping.unicodeScalars { append(small, to: &plain) }
        }
        return CleanText.nfc(String(plain))
    }

    /// The same of a text that is ASCII alone, as most are; nil for any other.
    private static func foldedASCII(_ text: String) -> String? {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
            case UInt8(ascii: ","), UInt8(ascii: ";"): folded.append(UInt8(ascii: " "))
            case UInt8(ascii: "`"): folded.append(UInt8(ascii: "'"))
            case 0..<0x80: folded.append(byte)
            default: return nil
            }
        }
        return String(decoding: folded, as: UTF8.self)
    }

    /// Marks that stand above, below and through letters, and what is never shown.
    private static func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x80: false
        case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x2C, 0x3B: text.append(" ")
        case 0x60: text.append("'")
        case 0..<0x80: text.append(scalar)
        // The wide forms of ASCII stand in its order.
        case 0xFF01...0xFF5E: append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)), to: &text)
        default:
            if isApostrophe(scalar) {
                text.append("'")
            } else if scalar.properties.generalCategory == .dashPunctuation || scalar == "\u{2212}" {
                text.append("-")
            } else if let letters = plainLetters(scalar) {
                text.append(contentsOf: letters.unicodeScalars)
            } else {
                text.append(scalar)
            }
        }
    }

    /// Quotation marks, accents that stand alone, primes and modifier letters that are typed for an apostrophe.
    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xB4, 0x2B9, 0x2BB...0x2BF, 0x2018, 0x2019, 0x201B, 0x2032, 0x2035, 0xA78C: true
        default: false
        }
    }

    /// The letters without what was added to them, as Unicode's name of the letter tells: `LATIN SMALL LETTER L WITH
    /// STROKE` is `l`, `LATIN SMALL LETTER AE` is `ae`. Nil for a letter of its own, and outside the blocks that living
    /// languages are written with.
    private static func plainLetters(_ scalar: Unicode.Scalar) -> String? {
        guard (0xC0..<0x2B0).contains(scalar.value) || (0x1E00..<0x1F00).contains(scalar.value) else { return nil }
        let words = (scalar.properties.name ?? "").split(separator: " ")
        guard words.count > 3, words[0] == "LATIN", words[2] == "LETTER" || words[2] == "LIGATURE" else { return nil }
        let letter = words[3...].prefix { $0 != "WITH" }
        guard let last = letter.last else { return nil }
        switch (letter.first, letter.count) {
        case ("ETH", 1): return "d"
        case ("THORN", 1): return "th"
        case ("ENG", 1): return "n"
        case ("KRA", 1): return "q"
        case ("SHARP", 2): return "ss"
        case (_, 1), ("OPEN", 2), ("DOTLESS", 2): return last.utf8.count <= 2 ? last.lowercased() : nil
        default: return nil
        }
    }
}
