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
    let names: DirectoryNames
    let doctors: AssignableDoctors
    let bookable: BookableDoctors
    let times: VisitTimes
    let writer: AppointmentWriter
    let queue: VisitQueue
    let unit: UnitOfWork
    let clock: any WallClock

    /// A visit in its new place.
    private struct Move: Sendable {
        let record: AppointmentRecord
        /// The patient's own hold or offer that became the visit's time.
        let hold: ID<Claim>?
    }

    package func assign(
        _ input: WithID<Appointment, AssignDoctor>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id, as: Scope(caller)) else { throw Problem.notFound }
        let card = try await doctors.card(input.body.doctor, for: seen, call)
        let now = clock.now
        return try await times.inTurn(asked(input.body, seen, at: now), until: call.deadline) {
            try await assign(input, seen, to: card, by: caller, at: now, call)
        }
    }

    private func assign(
        _ input: WithID<Appointment, AssignDoctor>, _ seen: AppointmentRecord, to card: DoctorCard, by caller: Caller,
        at now: Instant, _ call: Call
    ) async throws -> Item<AppointmentView> {
        var parties = seen.parties
        parties.doctor = card.id
        parties.department = parties.department ?? card.department
        let shown = try await names.names(of: [parties], for: call.origin, until: call.deadline)
        let buffer = try await buffer(of: card.id, at: now)
        let freed = await bookable.freed(by: seen, at: now, call)
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(record.version)
            try AppointmentTransitions.checkMove(
                from: record.status, by: .hospital, hasDoctor: record.parties.doctor != nil)
            let assignment = try assignment(input.body, of: record, to: card, at: now)
            let move = try await assigned(record, assignment, buffer: buffer, at: now, from: call.origin, in: tx)
            try await writer.change(
                record, to: move.record, as: Self.event(from: record, to: move.record), by: AppointmentActor(caller),
                hold: move.hold, freed: freed, from: call.origin, in: tx)
            try await queue.update(record, to: move.record, on: nil, at: now, from: call.origin, in: tx)
            return Item(AppointmentView(move.record, shown), version: move.record.version)
        }
    }

    /// Nil of what cannot be assigned, or may be overbooked.
    private func asked(_ input: AssignDoctor, _ seen: AppointmentRecord, at now: Instant) -> VisitTimes.Asked? {
        let start = input.start ?? seen.time.lowerBound
        let length = input.minutes.map { Duration.seconds($0 * 60) } ?? seen.time.upperBound - seen.time.lowerBound
        guard !input.overbook, start > now, seen.status == .requested || seen.status == .confirmed else { return nil }
        return VisitTimes.Asked(
            time: start..<(start + length), doctor: input.doctor, asker: .patient(seen.parties.patient),
            visit: seen.claim, account: seen.parties.patientAccount, now: now)
    }

    private func assigned(
        _ record: AppointmentRecord, _ assignment: Assignment, buffer: Duration, at now: Instant,
        from origin: Origin, in tx: Transaction
    ) async throws -> Move {
        // A request that names this doctor and time has claimed it already.
        if record.parties.doctor == assignment.doctor, record.time == assignment.time {
            if record.status == .confirmed { throw AppointmentRules.isAssigned }
            let next = record.assigned(assignment, claim: record.claim, isOverbooked: record.isOverbooked, at: now)
            return Move(record: next, hold: nil)
        }
        let wanted = ClaimStore.Wanted(
            doctor: assignment.doctor, patient: record.parties.patient, patientAccount: record.parties.patientAccount,
            time: assignment.time, buffer: buffer)
        let used = try await giveUp(record, for: wanted, from: origin, in: tx)
        if assignment.mayOverbook {
            let (claim, isOverbooked) = try await times.takeOverbooking(wanted, at: now, in: tx)
            let next = record.assigned(assignment, claim: claim, isOverbooked: isOverbooked, at: now)
            return Move(record: next, hold: used?.id)
        }
        let claim = try await times.take(wanted, at: now, in: tx)
        return Move(record: record.assigned(assignment, claim: claim, isOverbooked: false, at: now), hold: used?.id)
    }

    package func reschedule(
        _ input: WithID<Appointment, RescheduleAppointment>, _ call: Call
    ) async throws -> Item<AppointmentView> {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id, as: Scope(caller)) else { throw Problem.notFound }
        let shown = try await names.names(of: [seen.parties], for: call.origin, until: call.deadline)
        let now = clock.now
        let freed = await bookable.freed(by: seen, at: now, call)
        return try await unit.write(call) { tx in
            guard let record = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(record.version)
            let schedule = try await schedule(of: record, in: tx)
            try check(input.body, record, schedule, by: caller, at: now)
            guard let move = try await moved(record, input.body, schedule, at: now, call, in: tx) else {
                return Item(AppointmentView(record, shown), version: record.version)
            }
            try await writer.change(
                record, to: move.record, as: Event.appointmentRescheduled, by: AppointmentActor(caller),
                hold: move.hold, freed: freed, from: call.origin, in: tx)
            try await queue.update(record, to: move.record, on: nil, at: now, from: call.origin, in: tx)
            return Item(AppointmentView(move.record, shown), version: move.record.version)
        }
    }

    private func check(
        _ input: RescheduleAppointment, _ record: AppointmentRecord, _ schedule: DoctorSchedule?, by caller: Caller,
        at now: Instant
    ) throws(Problem) {
        let actor: AppointmentTransitions.Actor = caller.role == .patient ? .patient : .hospital
        try AppointmentTransitions.checkMove(
            from: record.status, by: actor, hasDoctor: record.parties.doctor != nil)
        if actor == .patient {
            try AppointmentRules.mustBeBeforeCutoff(record, minutes: schedule?.cancelCutoffMinutes ?? 0, at: now)
        }
        if let slot = input.slot, slot.doctor != record.parties.doctor {
            throw .field("slot_id", "Must be a slot of the appointment's doctor.")
        }
    }

    /// Nil where it is there already.
    private func moved(
        _ record: AppointmentRecord, _ input: RescheduleAppointment, _ schedule: DoctorSchedule?, at now: Instant,
        _ call: Call, in tx: Transaction
    ) async throws -> Move? {
        let isPatient = call.caller?.role == .patient
        let isSlot = input.slot != nil || isPatient && schedule?.weeklyHours.isEmpty == false
        var time = input.start..<(input.start + length(of: record, input, schedule, isSlot: isSlot))
        if time == record.time { return nil }
        let buffer = Duration.seconds((schedule?.bufferMinutes ?? 0) * 60)
        let used = try await giveUp(record, for: wanted(record, time, buffer), from: call.origin, in: tx)
        if isSlot, let used {
            time = used.slot.start..<used.end
        } else if isSlot {
            let slot = try await times.offered(wanted(record, time, buffer), at: now, in: tx)
            time = slot.start..<slot.end
        }
        let claim = try await times.take(wanted(record, time, buffer), at: now, in: tx)
        return Move(record: record.moved(to: time, claim: claim, at: now), hold: used?.id)
    }

    /// A slot has its own length, whatever was named beside it; a start that stays keeps what it has.
    private func length(
        of record: AppointmentRecord, _ input: RescheduleAppointment, _ schedule: DoctorSchedule?, isSlot: Bool
    ) -> Duration {
        let current = record.time.upperBound - record.time.lowerBound
        guard isSlot, let schedule else { return input.minutes.map { .seconds($0 * 60) } ?? current }
        if input.slot == nil, input.start == record.time.lowerBound { return current }
        return .seconds(schedule.slotMinutes * 60)
    }

    private func wanted(
        _ record: AppointmentRecord, _ time: Range<Instant>, _ buffer: Duration
    ) -> ClaimStore.Wanted {
        ClaimStore.Wanted(
            doctor: record.parties.doctor, patient: record.parties.patient,
            patientAccount: record.parties.patientAccount, time: time, buffer: buffer)
    }

    /// Gives up the visit's time, and the patient's own hold of the one it gets. A visit that gives up no doctor's
    /// time waits for no doctor's other visits: 200 assignments of one time are decided by the database at once.
    private func giveUp(
        _ record: AppointmentRecord, for wanted: ClaimStore.Wanted, from origin: Origin, in tx: Transaction
    ) async throws -> HoldStore.Held? {
        let hasHolds = try await times.hasHolds(of: wanted, in: tx)
        try await times.claims.lock(
            doctors: hasHolds || record.parties.doctor != nil ? [record.parties.doctor, wanted.doctor] : [],
            patient: record.parties.patient, in: tx)
        try await times.claims.giveUp(record.claim, in: tx)
        return try await times.useHolds(of: wanted, from: origin, in: tx)
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
