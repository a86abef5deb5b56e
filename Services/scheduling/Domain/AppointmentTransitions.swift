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
        throw illegal(from: status, "become \(wanted.rawValue); allowed", allowed)
    }

    /// Throws `illegal_transition` where a visit in this state gets no other time or doctor any more.
    package static func checkMove(from status: AppointmentStatus, by actor: Actor, hasDoctor: Bool) throws(Problem) {
        if status == .requested || status == .confirmed { return }
        let allowed = allowed(from: status, by: actor, hasDoctor: hasDoctor)
        throw illegal(from: status, "be given another time or doctor; it can become", allowed)
    }

    /// 409 with the states that are allowed, in the words and in details.
    private static func illegal(
        from status: AppointmentStatus, _ refused: String, _ allowed: [AppointmentStatus]
    ) -> Problem {
        let names = allowed.map(\.rawValue)
        let words = names.isEmpty ? "nothing" : names.joined(separator: ", ")
        return Problem(
            .illegalTransition, "A \(status.rawValue) appointment cannot \(refused): \(words).",
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
