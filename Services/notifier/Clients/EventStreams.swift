/// The streams of other services' events, as far as they were consumed.
package protocol StreamSource: Sendable {
    var sources: [String] { get }
    /// What a source's stream still holds for the consumer; nil when it cannot be asked.
    func standing(of source: String) async -> StreamStanding?
}

/// How far a stream was read.
package struct StreamStanding: Sendable, Equatable {
    package let behind: Int
    package let pending: Int
    /// Events that Redis had lost and was sent again.
    package let repaired: Int

    package init(behind: Int, pending: Int, repaired: Int) {
        self.behind = behind
        self.pending = pending
        self.repaired = repaired
    }
}
