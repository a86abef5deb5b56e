import Kernel

/// A search as a person types it: every word must be found in the patient's names or email, compared as `SearchText`
/// says.
package struct PatientSearch: Sendable, Equatable {
    /// The words, folded; never empty.
    package let words: [String]

    /// Nil when there is nothing to look for.
    package init?(_ text: String) {
        let words = SearchText.words(of: text)
        if words.isEmpty { return nil }
        self.words = words
    }

    /// - Parameter texts: what `texts` gives.
    package func matches(_ texts: [String]) -> Bool {
        words.allSatisfy { word in texts.contains { Self.holds($0, word) } }
    }

    private static func holds(_ text: String, _ word: String) -> Bool {
        // What is one character in other scripts may be several in bytes.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return Array(text).holds(Array(word)) }
        return Array(text.utf8).holds(Array(word.utf8))
    }

    /// What a search looks into, folded.
    package static func texts(firstName: String, lastName: String, email: String?) -> [String] {
        ([firstName, lastName] + (email.map { [$0] } ?? [])).map { SearchText.folded($0) }
    }

    package static func texts(of details: PatientDetails) -> [String] {
        texts(firstName: details.firstName, lastName: details.lastName, email: details.email?.text)
    }
}

extension Array where Element: Equatable {
    fileprivate func holds(_ part: [Element]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { start in self[start..<(start + part.count)].elementsEqual(part) }
    }
}
