import Kernel

/// A search as a person types it: every word must be found in the patient's names or email, compared as `SearchText`
/// says.
package struct PatientSearch: Sendable, Equatable {
    /// The words, folded; never empty.
    package let words: [String]
    private let bytes: [[UInt8]]

    /// Nil when there is nothing to look for.
    package init?(_ text: String) {
        let words = SearchText.words(of: text)
        if words.isEmpty { return nil }
        self.words = words
        bytes = words.map { Array($0.utf8) }
    }

    package func matches(_ texts: SearchedTexts) -> Bool {
        // No word has a line break, so it cannot be found across two texts.
        if texts.isASCII { return bytes.allSatisfy { texts.bytes.span.holds($0.span) } }
        // What is one character in other scripts may be several in bytes.
        let characters = texts.each.map { Array($0) }
        return words.allSatisfy { word in
            let word = Array(word)
            return characters.contains { $0.span.holds(word.span) }
        }
    }
}

/// What a search of patients looks into: names and email, folded, each a line.
package struct SearchedTexts: Sendable, Equatable {
    /// UTF-8.
    package let bytes: [UInt8]

    /// - Parameter bytes: as `bytes` gave them.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    package init(firstName: String, lastName: String, email: String?) {
        var bytes: [UInt8] = []
        for text in [firstName, lastName, email] {
            guard let text else { continue }
            if !bytes.isEmpty { bytes.append(Self.end) }
            bytes += SearchText.folded(text).utf8
        }
        self.bytes = bytes
    }

    package init(of details: PatientDetails) {
        self.init(firstName: details.firstName, lastName: details.lastName, email: details.email?.text)
    }

    package var each: [String] { bytes.split(separator: Self.end).map { String(decoding: $0, as: UTF8.self) } }

    var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }

    private static let end = UInt8(ascii: "\n")
}

extension Span where Element: Equatable {
    fileprivate func holds(_ part: Span<Element>) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { start in
            part.indices.allSatisfy { self[start + $0] == part[$0] }
        }
    }
}
