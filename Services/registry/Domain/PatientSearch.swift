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

    package func matches(_ details: PatientDetails) -> Bool {
        let texts = Self.texts(of: details).map { Array($0) }
        return words.allSatisfy { word in
            let word = Array(word)
            return texts.contains { $0.holds(word) }
        }
    }

    /// What a search looks into, folded.
    package static func texts(of details: PatientDetails) -> [String] {
        ([details.firstName, details.lastName] + (details.email.map { [$0.text] } ?? [])).map(SearchText.folded)
    }
}

extension [Character] {
    fileprivate func holds(_ part: [Character]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { start in self[start..<(start + part.count)].elementsEqual(part) }
    }
}
