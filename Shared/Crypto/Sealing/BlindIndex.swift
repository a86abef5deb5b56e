import Kernel

/// Searching what is sealed: keyed tokens of a text, equal for equal texts and otherwise without meaning to whoever
/// has no key. Tokens of a substring search can meet by chance: what they find is opened and compared before it is
/// shown.
package struct BlindIndex: Sendable {
    private let key: HMACKey
    private let field: String

    /// - Parameter field: as `patient.name`; the same word in two fields has different tokens.
    package init(key: HMACKey, field: String) {
        self.key = key
        self.field = field
    }

    /// 32 bytes for an equality lookup (an email, a phone number), after `normalised`.
    package func exact(_ text: String) -> [UInt8] { sign("exact", Self.normalised(text)) }

    /// A token for each run of three characters, ascending, each once: a text that contains a part has all tokens of
    /// the part. What is shorter has none.
    package func trigrams(of text: String) -> [Int32] {
        // The fields that all have in common are written once.
        let common = CanonicalText.bytes([("field", field), ("kind", "trigram")])
        var message = common
        var tokens: Set<Int32> = []
        Self.forEachRun(of: Self.normalised(text)) { run in
            message.removeSubrange(common.count...)
            CanonicalText.append("text", run, to: &message)
            tokens.insert(Int32(truncatingIfNeeded: key.number(message) >> 32))
        }
        return tokens.sorted()
    }

    /// NFC, lower case, white space as single blanks, none at the ends.
    package static func normalised(_ text: String) -> String {
        if isASCII(text) {
            let words = text.lowercased().utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
        }
        return CleanText.nfc(text.lowercased()).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func sign(_ kind: String, _ text: String) -> [UInt8] {
        key.sign(CanonicalText.bytes([("field", field), ("kind", kind), ("text", text)]))
    }

    /// In UTF-8. A character of ASCII is a byte, but for CR LF, of which `normalised` leaves none.
    private static func forEachRun(of text: String, _ body: (Span<UInt8>) -> Void) {
        if isASCII(text) {
            let bytes = text.utf8.span
            for start in starts(in: bytes.count) { body(bytes.extracting(start..<start + 3)) }
        } else {
            let characters = Array(text)
            for start in starts(in: characters.count) { body(String(characters[start..<start + 3]).utf8.span) }
        }
    }

    private static func starts(in count: Int) -> Range<Int> { 0..<max(0, count - 2) }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}
