import Kernel

/// Searching what is sealed: keyed tokens of a text, equal for equal texts and otherwise without meaning to whoever has
/// no key. Tokens of a substring search can meet by chance: what they find is opened and compared before it is shown.
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

    /// To be stored: a token for each run of 1, 2 and 3 characters, ascending, each once. An empty text has none.
    package func grams(of text: String) -> [Int64] {
        let characters = Array(Self.normalised(text))
        return tokens((1...3).flatMap { Self.runs(characters, $0) })
    }

    /// To be asked for: a text that contains `part` has all of these. Runs as long as the part allows, so that few rows
    /// are touched.
    package func grams(searching part: String) -> [Int64] {
        let characters = Array(Self.normalised(part))
        return tokens(Self.runs(characters, min(3, characters.count)))
    }

    /// NFC, lower case, white space as single blanks, none at the ends.
    package static func normalised(_ text: String) -> String {
        CleanText.nfc(text.lowercased()).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func tokens(_ runs: [String]) -> [Int64] {
        Set(runs).map { run in
            Int64(bitPattern: sign("gram", run).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        }.sorted()
    }

    private func sign(_ kind: String, _ text: String) -> [UInt8] {
        key.sign(CanonicalText.bytes([("field", field), ("kind", kind), ("text", text)]))
    }

    private static func runs(_ characters: [Character], _ length: Int) -> [String] {
        guard length > 0, characters.count >= length else { return [] }
        return (0...(characters.count - length)).map { String(characters[$0..<$0 + length]) }
    }
}
