package import Kernel

/// A free stretch of a doctor's hours.
package struct Slot: Sendable, Equatable {
    package let id: SlotID
    package let end: Instant
    /// The date and the minute in the doctor's zone: `2027-03-14T09:30`.
    package let localStart: String
    /// The caller's own hold on it.
    package let hold: ID<Claim>?

    package var start: Instant { id.start }

    package init(id: SlotID, end: Instant, localStart: String, hold: ID<Claim>?) {
        self.id = id
        self.end = end
        self.localStart = localStart
        self.hold = hold
    }
}
