import Kernel

/// What a patient had before: one text to routes that speak texts, entries to those that speak lists. Each gets back
/// what it wrote (seeds X11).
package enum MedicalHistory: Sendable, Equatable {
    case text(String)
    case entries([String])

    /// As one text, an entry a line.
    package var text: String {
        switch self {
        case .text(let text): text
        case .entries(let entries): entries.joined(separator: "\n")
        }
    }

    /// As entries, of a text each line that says something.
    package var entries: [String] {
        switch self {
        case .text(let text): text.split(separator: "\n").map { CleanText.trimmed(String($0)) }.filter { !$0.isEmpty }
        case .entries(let entries): entries
        }
    }

    /// After somebody wrote it as a text: whoever sends back what they were shown changes no entry.
    package func rewritten(as text: String) -> MedicalHistory {
        text == self.text || text == (try? CleanText.clean(self.text, multiline: true)) ? self : .text(text)
    }
}
