/// Where the holder of a number stands in a doctor's queue; the raw values are the contract's words.
package enum QueueStatus: String, Sendable, Hashable, CaseIterable {
    case waiting = "WAITING"
    case called = "CALLED"
    case inService = "IN_SERVICE"
    case done = "DONE"
    case skipped = "SKIPPED"
    case left = "LEFT"

    /// Whether the visit is still to come or under way.
    package var isLive: Bool { self == .waiting || self == .called || self == .inService }
}
