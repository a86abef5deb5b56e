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
        var message: [UInt8] = []
        return Set(Self.runs(Array(Self.normalised(text)))).map { run in
            message.removeAll(keepingCapacity: true)
            message += common
            CanonicalText.append("text", run, to: &message)
            return Int32(truncatingIfNeeded: key.number(message) >> 32)
        }.sorted()
    }

    /// NFC, lower case, white space as single blanks, none at the ends.
    package static func normalised(_ text: String) -> String {
        CleanText.nfc(text.lowercased()).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func sign(_ kind: String, _ text: String) -> [UInt8] {
        key.sign(CanonicalText.bytes([("field", field), ("kind", kind), ("text", text)]))
    }

    private static func runs(_ characters: [Character]) -> [String] {
        guard characters.count >= 3 else { return [] }
        return (0...(characters.count - 3)).map { String(characters[$0..<$0 + 3]) }
    }
}
