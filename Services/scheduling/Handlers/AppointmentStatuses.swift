package import API
import Chassis
import Events
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// Visits from one state to another: by their people, and by a prescription that ends them.
package struct AppointmentStatuses: Sendable {
    let store: AppointmentStore
    let schedules: ScheduleStore
    let names: DirectoryNames
    let doctors: AssignableDoctors
    let bookable: BookableDoctors
    let times: VisitTimes
    let writer: AppointmentWriter
    let queue: VisitQueue
    let completion: AppointmentCompletion
    let unit: UnitOfWork
    let clock: any WallClock

    package func change(
        _ input: WithID<Appointment, ChangeAppointmentStatus>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        try await step(input.id, to: input.body.status, because: input.body.reason, call)
    }

    package func cancel(
        _ input: WithID<Appointment, CancelAppointment>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        try await step(input.id, to: .cancelled, because: input.body.reason, call)
    }

    private func step(
        _ id: ID<Appointment>, to status: AppointmentStatus, because reason: String?, _ call: Call
    ) async throws -> Item<AppointmentView> {
        let caller = try call.requireCaller()
        guard let role = AppointmentTransitions.Actor(rawValue: caller.role.rawValue) else { throw Problem.forbidden }
        guard let seen = try await store.find(id, as: Scope(caller)) else { throw Problem.notFound }
        let shown = try await names.names(of: [seen.parties], for: call.origin, until: call.deadline)
        let now = clock.now
        if role == .hospital, status == .confirmed, seen.status == .requested, let doctor = seen.parties.doctor {
            _ = try await doctors.card(doctor, for: seen, call)
        }
        let today = status == .checkedIn ? try await queue.today(of: seen, at: now, call) : nil
        let freed = status.isOpen ? nil : await bookable.freed(by: seen, at: now, call)
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(id, in: tx) else { throw Problem.notFound }
            try call.condition.check(record.version)
            try await check(record, to: status, by: role, at: now, in: tx)
            let actor = AppointmentActor(caller)
            var next = record.stepped(to: status, by: actor, because: reason, at: now)
            if record.status == .noShow, status == .checkedIn { try await reclaim(&next, at: now, call, in: tx) }
            try await writer.change(
                record, to: next, as: Self.event(from: record.status, to: status), by: actor, freed: freed,
                from: call.origin, in: tx)
            try await queue.update(record, to: next, on: today, at: now, from: call.origin, in: tx)
            return Item(AppointmentView(next, shown), version: next.version)
        }
    }

    private func check(
        _ record: AppointmentRecord, to status: AppointmentStatus, by role: AppointmentTransitions.Actor,
        at now: Instant, in tx: Transaction
    ) async throws {
        try AppointmentTransitions.check(
            from: record.status, to: status, by: role, hasDoctor: record.parties.doctor != nil)
        if record.status == .requested, status == .confirmed {
            try AppointmentRules.mustLieAhead(record.time, at: now)
        }
        if role == .patient, let doctor = record.parties.doctor,
            let cutoff = try await schedules.find(doctor, in: tx)?.cancelCutoffMinutes
        {
            try AppointmentRules.mustBeBeforeCutoff(record, minutes: cutoff, at: now)
        }
    }

    /// Who was given up and comes late has the time again: beside another visit where the doctor's time was given away.
    private func reclaim(
        _ record: inout AppointmentRecord, at now: Instant, _ call: Call, in tx: Transaction
    ) async throws {
        let parties = record.parties
        var minutes = 0
        if let doctor = parties.doctor { minutes = try await schedules.find(doctor, in: tx)?.bufferMinutes ?? 0 }
        let wanted = ClaimStore.Wanted(
            doctor: parties.doctor, patient: parties.patient, patientAccount: parties.patientAccount,
            time: record.time, buffer: .seconds(minutes * 60))
        try await times.claims.lock(doctors: [parties.doctor], patient: parties.patient, in: tx)
        _ = try await times.useHolds(of: wanted, from: call.origin, in: tx)
        if let claim = try await times.claims.take(wanted, overbooked: record.isOverbooked, at: now, in: tx) {
            record.claim = claim
            return
        }
        guard let claim = try await times.claims.take(wanted, overbooked: true, at: now, in: tx) else {
            throw Problem.patientBusy
        }
        record.claim = claim
        record.isOverbooked = true
    }

    /// Records calls this once its prescription is committed, in its doctor's name; what is over stays as it is.
    package func complete(
        _ input: WithID<Appointment, CompleteAppointment>, _ call: Call
    ) async throws -> Item<AppointmentStateView> {
        let cause = AppointmentCompletion.Cause(
            prescription: input.body.prescription, doctorAccount: call.caller?.account, origin: call.origin)
        guard let seen = try await store.find(input.id, as: .service) else { throw Problem.notFound }
        let now = clock.now
        let freed = await bookable.freed(by: seen, at: now, call)
        return try await unit.write(call) { tx in
            let completed = try await completion.complete(
                input.id, because: cause, freed: freed, at: now, in: tx)
            guard let record = completed else { throw Problem.notFound }
            return Item(AppointmentStateView(record))
        }
    }

    private static func event(
        from status: AppointmentStatus, to wanted: AppointmentStatus
    ) -> EventType<AppointmentFact> {
        switch wanted {
        case .confirmed: status == .checkedIn ? Event.appointmentCheckInUndone : Event.appointmentConfirmed
        case .checkedIn: Event.appointmentCheckedIn
        case .completed: Event.appointmentCompleted
        case .rejected: Event.appointmentRejected
        case .cancelled: Event.appointmentCancelled
        case .noShow: Event.appointmentMissed
        case .requested: Event.appointmentRequested
        }
    }
}

extension AppointmentStateView {
    fileprivate init(_ record: AppointmentRecord) {
        self.init(id: record.id, status: record.status, prescription: record.prescription)
    }
}
