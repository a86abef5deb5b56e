package import Kernel

/// Who changes a visit.
package struct AppointmentActor: Sendable, Equatable {
    /// Nil where the service itself does it.
    package let account: ID<Account>?
    package let role: Role

    package init(account: ID<Account>?, role: Role) {
        self.account = account
        self.role = role
    }

    package init(_ caller: Caller) { self.init(account: caller.account, role: caller.role) }
}

extension AppointmentRecord {
    /// The visit in another state, one version later. Whether it may be is `AppointmentTransitions`' to say.
    package func stepped(
        to status: AppointmentStatus, by actor: AppointmentActor, because reason: String?, at now: Instant
    ) -> AppointmentRecord {
        var next = changed(at: now)
        next.status = status
        if let reason { next.words.statusReason = reason }
        switch status {
        case .cancelled:
            next.cancelledBy = actor.role
            next.sequence += 1
        case .rejected: next.sequence += 1
        case .confirmed where self.status == .requested: next.sequence += 1
        default: break
        }
        return next
    }

    /// The visit at another time, with what makes that busy.
    package func moved(to time: Range<Instant>, claim: ID<Claim>, at now: Instant) -> AppointmentRecord {
        var next = changed(at: now)
        next.time = time
        next.claim = claim
        next.isOverbooked = false
        next.sequence += 1
        return next
    }

    /// The visit confirmed with a doctor and a time.
    package func assigned(
        _ assignment: Assignment, claim: ID<Claim>, isOverbooked: Bool, at now: Instant
    ) -> AppointmentRecord {
        var next = changed(at: now)
        next.status = .confirmed
        next.parties.doctor = assignment.doctor
        next.parties.doctorAccount = assignment.account
        next.parties.department = parties.department ?? assignment.department
        next.time = assignment.time
        next.claim = claim
        next.isOverbooked = isOverbooked
        if isOverbooked, let reason = assignment.reason { next.words.statusReason = reason }
        next.sequence += 1
        return next
    }

    /// The visit that a prescription ended.
    package func completed(by prescription: ID<Prescription>, at now: Instant) -> AppointmentRecord {
        var next = changed(at: now)
        next.status = .completed
        next.prescription = prescription
        return next
    }

    private func changed(at now: Instant) -> AppointmentRecord {
        var next = self
        next.version += 1
        next.updatedAt = now
        return next
    }
}

/// A doctor and a time that a hospital gives a visit.
package struct Assignment: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let account: ID<Account>?
    package let department: ID<Department>?
    package let time: Range<Instant>
    package let mayOverbook: Bool
    package let reason: String?

    package init(
        doctor: ID<Doctor>, account: ID<Account>?, department: ID<Department>?, time: Range<Instant>,
        mayOverbook: Bool, reason: String?
    ) {
        self.doctor = doctor
        self.account = account
        self.department = department
        self.time = time
        self.mayOverbook = mayOverbook
        self.reason = reason
    }
}

/// Rules of changes that are no step from one state to another.
package enum AppointmentRules {
    /// Throws when it is too late for the patient to cancel or move the visit.
    /// - Parameter cutoff: minutes before the start that its doctor asks for; 0 for none.
    package static func mustBeBeforeCutoff(_ record: AppointmentRecord, minutes cutoff: Int, at now: Instant)
        throws(Problem)
    {
        if cutoff == 0 { return }
        let latest = record.time.lowerBound - .seconds(cutoff * 60)
        if now <= latest { return }
        throw Problem(
            .cutoffPassed, "It is too late to change this appointment yourself: please call the hospital.",
            details: ["cutoff_at": .text(latest.rfc3339)])
    }

    /// A visit asked for at a time that has passed needs another to be confirmed.
    package static func mustLieAhead(_ time: Range<Instant>, at now: Instant) throws(Problem) {
        if time.lowerBound <= now {
            throw .field("start", "The time asked for has passed: name another start.")
        }
    }

    package static let isAssigned = Problem.conflict("This doctor has this appointment at this time already.")
    package static let holdExpired = Problem.conflict("This hold has expired: choose a time again.")
}
