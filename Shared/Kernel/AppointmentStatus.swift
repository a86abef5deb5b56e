/// Where a visit stands; the raw values are the contract's words.
package enum AppointmentStatus: String, Sendable, Hashable, CaseIterable {
    case requested = "REQUESTED"
    case confirmed = "CONFIRMED"
    case checkedIn = "CHECKED_IN"
    case completed = "COMPLETED"
    case rejected = "REJECTED"
    case cancelled = "CANCELLED"
    case noShow = "NO_SHOW"

    /// Whether it still makes its time busy, and may be moved, cancelled or reminded of.
    package var isOpen: Bool {
        switch self {
        case .requested, .confirmed, .checkedIn: true
        case .completed, .rejected, .cancelled, .noShow: false
        }
    }

    package static let open = allCases.filter(\.isOpen)
}
