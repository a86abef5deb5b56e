package import API
import Chassis
import Events
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// Visits that get a doctor or another time. The new time is taken before the old one is another's.
package struct AppointmentMoves: Sendable {
    let store: AppointmentStore
    let schedules: ScheduleStore
    let directory: any DirectorySource
    let names: DirectoryNames
    let times: VisitTimes
    let keeper: AppointmentKeeper
    let unit: UnitOfWork
    let clock: any WallClock

    package func assign(
        _ input: WithID<Appointment, AssignDoctor>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id, as: Scope(caller)) else { throw Problem.notFound }
        let card = try await doctor(input.body.doctor, for: seen, call)
        var parties = seen.parties
        parties.doctor = card.id
        parties.department = parties.department ?? card.department
        let shown = try await names.names(of: [parties], for: call.origin, until: call.deadline)
        let now = clock.now
        let buffer = try await buffer(of: card.id, at: now)
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(record.version)
            try AppointmentRules.mustBeMovable(record, to: .confirmed, by: .hospital)
            let assignment = try assignment(input.body, of: record, to: card, at: now)
            let next = try await assigned(record, assignment, buffer: buffer, at: now, in: tx)
            try await keeper.change(
                record, to: next, as: Self.event(from: record, to: next), by: AppointmentActor(caller),
                from: call.origin, in: tx)
            return Item(AppointmentView(next, shown), version: next.version)
        }
    }

    private func assigned(
        _ record: AppointmentRecord, _ assignment: Assignment, buffer: Duration, at now: Instant, in tx: Transaction
    ) async throws -> AppointmentRecord {
        // A request that names this doctor and time has claimed it already.
        if record.parties.doctor == assignment.doctor, record.time == assignment.time {
            if record.status == .confirmed { throw AppointmentRules.isAssigned }
            return record.assigned(
                assignment, claim: record.claim, isOverbooked: record.isOverbooked, at: now)
        }
        let wanted = ClaimStore.Wanted(
            doctor: assignment.doctor, patient: record.parties.patient, patientAccount: record.parties.patientAccount,
            time: assignment.time, buffer: buffer)
        try await giveUp(record, for: assignment.doctor, in: tx)
        if assignment.mayOverbook {
            let (claim, isOverbooked) = try await times.takeBeside(wanted, at: now, in: tx)
            return record.assigned(assignment, claim: claim, isOverbooked: isOverbooked, at: now)
        }
        let claim = try await times.take(wanted, at: now, in: tx)
        return record.assigned(assignment, claim: claim, isOverbooked: false, at: now)
    }

    package func reschedule(
        _ input: WithID<Appointment, RescheduleAppointment>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id, as: Scope(caller)) else { throw Problem.notFound }
        let shown = try await names.names(of: [seen.parties], for: call.origin, until: call.deadline)
        let now = clock.now
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(record.version)
            let schedule = try await schedule(of: record, in: tx)
            try check(input.body, record, schedule, by: caller, at: now)
            let next = try await moved(record, input.body, schedule, by: caller, at: now, in: tx)
            guard let next else { return Item(AppointmentView(record, shown), version: record.version) }
            try await keeper.change(
                record, to: next, as: Event.appointmentRescheduled, by: AppointmentActor(caller), from: call.origin,
                in: tx)
            return Item(AppointmentView(next, shown), version: next.version)
        }
    }

    private func check(
        _ input: RescheduleAppointment, _ record: AppointmentRecord, _ schedule: DoctorSchedule?, by caller: Caller,
        at now: Instant
    ) throws(Problem) {
        let actor: AppointmentTransitions.Actor = caller.role == .patient ? .patient : .hospital
        try AppointmentRules.mustBeMovable(record, to: .confirmed, by: actor)
        if actor == .patient {
            try AppointmentRules.mustBeBeforeCutoff(record, minutes: schedule?.cancelCutoffMinutes ?? 0, at: now)
        }
        if let slot = input.slot, slot.doctor != record.parties.doctor {
            throw .field("slot_id", "Must be a slot of the appointment's doctor.")
        }
    }

    /// Nil where it is there already.
    private func moved(
        _ record: AppointmentRecord, _ input: RescheduleAppointment, _ schedule: DoctorSchedule?, by caller: Caller,
        at now: Instant, in tx: Transaction
    ) async throws -> AppointmentRecord? {
        let hasHours = schedule?.weeklyHours.isEmpty == false
        let slotLength = input.slot == nil ? nil : schedule.map { Duration.seconds($0.slotMinutes * 60) }
        let length =
            input.minutes.map { Duration.seconds($0 * 60) } ?? slotLength
            ?? record.time.upperBound - record.time.lowerBound
        var time = input.start..<(input.start + length)
        if time == record.time { return nil }
        try await giveUp(record, for: nil, in: tx)
        let buffer = Duration.seconds((schedule?.bufferMinutes ?? 0) * 60)
        if input.slot != nil || caller.role == .patient && hasHours {
            let slot = try await times.offered(wanted(record, time, buffer), at: now, in: tx)
            time = slot.start..<slot.end
        }
        let claim = try await times.take(wanted(record, time, buffer), at: now, in: tx)
        return record.moved(to: time, claim: claim, at: now)
    }

    private func wanted(
        _ record: AppointmentRecord, _ time: Range<Instant>, _ buffer: Duration
    ) -> ClaimStore.Wanted {
        ClaimStore.Wanted(
            doctor: record.parties.doctor, patient: record.parties.patient,
            patientAccount: record.parties.patientAccount, time: time, buffer: buffer)
    }

    private func giveUp(_ record: AppointmentRecord, for doctor: ID<Doctor>?, in tx: Transaction) async throws {
        try await times.claims.takeTurns(
            doctors: [record.parties.doctor, doctor], patient: record.parties.patient, in: tx)
        try await times.claims.giveUp(record.claim, in: tx)
    }

    /// The doctor as registry knows them now; one who has the visit already is not asked again.
    private func doctor(
        _ id: ID<Doctor>, for record: AppointmentRecord, _ call: Call
    ) async throws -> DoctorCard {
        let hospital = record.parties.hospital
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: [id]), for: call.origin, until: call.deadline)
        let hasIt = record.status == .confirmed && record.parties.doctor == id
        guard let card = entries.doctors.first(where: { $0.id == id }),
            hasIt || card.canSee(visitsOf: record.parties.department, at: hospital)
        else { throw Problem.field("doctor_id", "There is no such doctor of this hospital or department.") }
        return card
    }

    private func assignment(
        _ input: AssignDoctor, of record: AppointmentRecord, to card: DoctorCard, at now: Instant
    ) throws(Problem) -> Assignment {
        if record.status == .requested, input.start == nil {
            try AppointmentRules.mustLieAhead(record.time, at: now)
        }
        let start = input.start ?? record.time.lowerBound
        let length =
            input.minutes.map { Duration.seconds($0 * 60) } ?? record.time.upperBound - record.time.lowerBound
        return Assignment(
            doctor: card.id, account: card.account, department: card.department, time: start..<(start + length),
            mayOverbook: input.overbook, reason: input.reason)
    }

    private func buffer(of doctor: ID<Doctor>, at now: Instant) async throws -> Duration {
        .seconds((try await schedules.find(doctor, at: now)?.schedule.bufferMinutes ?? 0) * 60)
    }

    private func schedule(of record: AppointmentRecord, in tx: Transaction) async throws -> DoctorSchedule? {
        guard let doctor = record.parties.doctor else { return nil }
        return try await schedules.find(doctor, in: tx)
    }

    private static func event(
        from record: AppointmentRecord, to next: AppointmentRecord
    ) -> EventType<AppointmentFact> {
        if record.status == .requested { return Event.appointmentConfirmed }
        return record.parties.doctor == next.parties.doctor
            ? Event.appointmentRescheduled : Event.appointmentReassigned
    }
}
