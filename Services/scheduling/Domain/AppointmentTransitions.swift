// SchedulingDomain: what a visit is and what may become of it, as functions of values. Times, ids and who asks come in
// as arguments; whether a time is free is the database's to say.

package import Kernel

/// The steps from one state to another, and whose each is. Moving to another time or doctor is no step.
package enum AppointmentTransitions {
    /// Who changes a visit.
    package enum Actor: String, Sendable, Hashable, CaseIterable {
        case patient, hospital, doctor
    }

    /// The states that the actor may bring a visit to, in the order of `AppointmentStatus`.
    /// - Parameter hasDoctor: whether a doctor is named; without one nothing is confirmed.
    package static func allowed(
        from status: AppointmentStatus, by actor: Actor, hasDoctor: Bool
    ) -> [AppointmentStatus] {
        AppointmentStatus.allCases.filter { to in
            actors(from: status, to: to).contains(actor) && (to != .confirmed || hasDoctor)
        }
    }

    /// Throws `forbidden` where the state is never the actor's to give, and `illegal_transition` with what is allowed
    /// where it cannot follow.
    package static func check(
        from status: AppointmentStatus, to wanted: AppointmentStatus, by actor: Actor, hasDoctor: Bool
    ) throws(Problem) {
        let allowed = allowed(from: status, by: actor, hasDoctor: hasDoctor)
        if allowed.contains(wanted) { return }
        let isEver = AppointmentStatus.allCases.contains { actors(from: $0, to: wanted).contains(actor) }
        guard isEver || wanted == .requested else { throw .forbidden }
        throw illegal(from: status, to: wanted, allowed: allowed)
    }

    /// 409, and what would be allowed.
    package static func illegal(
        from status: AppointmentStatus, to wanted: AppointmentStatus, allowed: [AppointmentStatus]
    ) -> Problem {
        let names = allowed.map(\.rawValue)
        let words = names.isEmpty ? "nothing" : names.joined(separator: ", ")
        return Problem(
            .illegalTransition, "A \(status.rawValue) appointment cannot become \(wanted.rawValue); allowed: \(words).",
            details: ["allowed": .texts(names)])
    }

    private static func actors(from status: AppointmentStatus, to wanted: AppointmentStatus) -> Set<Actor> {
        switch (status, wanted) {
        case (.requested, .confirmed), (.requested, .rejected): [.hospital]
        case (.requested, .cancelled), (.confirmed, .cancelled): [.patient, .hospital, .doctor]
        case (.confirmed, .checkedIn), (.confirmed, .noShow), (.confirmed, .completed), (.checkedIn, .completed),
            (.checkedIn, .confirmed), (.checkedIn, .cancelled), (.noShow, .checkedIn):
            [.hospital, .doctor]
        default: []
        }
    }
}
