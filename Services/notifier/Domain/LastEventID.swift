/// What a client says it saw last.
package enum LastEventID: Sendable, Equatable {
    /// Nothing yet.
    case none
    case number(Int64)
    /// It is no number of ours.
    case unreadable

    /// An empty text says nothing; a number has 1 to 19 digits.
    package init(_ text: String?) {
        guard let text, !text.isEmpty else {
            self = .none
            return
        }
        let isNumber = text.utf8.count <= 19 && text.utf8.allSatisfy { (48...57).contains($0) }
        self = isNumber ? Int64(text).map { .number($0) } ?? .unreadable : .unreadable
    }

    /// The event that has to be kept, for nothing to be missing.
    package var next: Int64? { if case .number(let seq) = self, seq < .max { seq + 1 } else { nil } }
}
