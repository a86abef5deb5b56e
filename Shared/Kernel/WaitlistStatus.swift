/// Where an entry of the waitlist stands; the raw values are the contract's words.
package enum WaitlistStatus: String, Sendable, Hashable, CaseIterable {
    case waiting = "WAITING"
    case offered = "OFFERED"
    case booked = "BOOKED"
    case left = "LEFT"
}
