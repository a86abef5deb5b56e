package import Kernel

/// Whether a visit opens a patient's records to its doctor.
package enum CurrentAppointment {
    /// How long after a visit its doctor may still write about it.
    package static let after: Duration = .seconds(30 * 86_400)

    /// - Parameter changed: when the visit came to its state.
    package static func opens(_ status: AppointmentStatus, since changed: Instant, at now: Instant) -> Bool {
        switch status {
        case .confirmed, .checkedIn: true
        case .completed: changed + after > now
        case .requested, .rejected, .cancelled, .noShow: false
        }
    }
}
