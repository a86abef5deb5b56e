package import API
import Chassis
import Kernel
import Postgres
import SchedulingDomain
package import Web

/// `POST /api/appointments`: a patient asks for a visit, or a front desk books one.
package struct Bookings: Sendable {
    let parties: BookingParties
    let names: DirectoryNames
    let times: VisitTimes
    let schedules: ScheduleStore
    let writer: AppointmentWriter
    let database: Database
    let unit: UnitOfWork
    let clock: any WallClock

    package func book(_ input: BookAppointment, _ call: Call) async throws -> Created<AppointmentView> {
        let caller = try call.requireCaller()
        let now = clock.now
        let held = try await held(input, by: caller, call)
        let doctor = input.wantedDoctor ?? held?.slot.doctor
        let places = try await parties.places(input, doctor: doctor, by: caller, call)
        let schedule = try await schedule(of: doctor, at: now)
        guard let start = input.wantedStart ?? held?.slot.start else { throw Problem.internalError }
        let time = start..<(start + .seconds((schedule?.slotMinutes ?? AppointmentRecord.usualMinutes) * 60))
        let asked = places.faults.isEmpty ? asked(time, of: doctor, input, by: caller, at: now) : nil
        return try await times.inTurn(asked, until: call.deadline) {
            let found = try await parties.find(input, in: places, by: caller, call)
            let booking = Booking(
                found: found, time: time, schedule: schedule, hold: input.hold,
                mustBeOffered: input.slot != nil || caller.role == .patient,
                input: input, caller: caller)
            return try await write(booking, at: now, call)
        }
    }

    /// Nil where no doctor is named, and of a front desk that names no patient.
    private func asked(
        _ time: Range<Instant>, of doctor: ID<Doctor>?, _ input: BookAppointment, by caller: Caller, at now: Instant
    ) -> VisitTimes.Asked? {
        let isPatient = caller.role == .patient
        guard let doctor,
            let asker = isPatient ? .account(caller.account) : input.patient.map({ ClaimStore.Asker.patient($0) })
        else { return nil }
        return VisitTimes.Asked(
            time: time, doctor: doctor, asker: asker, account: isPatient ? caller.account : nil, now: now)
    }

    private func write(
        _ booking: Booking, at now: Instant, _ call: Call
    ) async throws -> Created<AppointmentView> {
        let shown = try await shownNames(booking.found.parties, call)
        return try await unit.write(call) { tx in
            let record = try await keep(booking, at: now, call, in: tx)
            return Created(
                AppointmentView(record, shown), at: "/api/appointments/\(record.id)", version: record.version)
        }
    }

    /// A booking whose people are known.
    private struct Booking: Sendable {
        let found: BookingParties.Found
        let time: Range<Instant>
        let schedule: DoctorSchedule?
        let hold: ID<Claim>?
        /// A front desk may take any time that is free; whoever names a slot takes what is offered.
        let mustBeOffered: Bool
        let input: BookAppointment
        let caller: Caller

        /// Whether its doctor has hours, so that times are offered.
        var hasHours: Bool { schedule?.weeklyHours.isEmpty == false }

        func wanted(_ time: Range<Instant>) -> ClaimStore.Wanted {
            ClaimStore.Wanted(
                doctor: found.parties.doctor, patient: found.parties.patient,
                patientAccount: found.parties.patientAccount, time: time,
                buffer: .seconds((schedule?.bufferMinutes ?? 0) * 60))
        }
    }

    private func keep(
        _ booking: Booking, at now: Instant, _ call: Call, in tx: Transaction
    ) async throws -> AppointmentRecord {
        let hold = try await convert(booking, from: call.origin, in: tx)
        var time = booking.time
        var isSlot = hold != nil
        if let hold {
            time = hold.slot.start..<hold.end
        } else if booking.mustBeOffered, booking.hasHours || booking.input.slot != nil {
            let slot = try await times.offered(booking.wanted(time), at: now, in: tx)
            time = slot.start..<slot.end
            isSlot = true
        }
        let claim = try await times.take(booking.wanted(time), at: now, in: tx)
        let actor = AppointmentActor(booking.caller)
        let record = AppointmentRecord(
            id: .make(at: now), parties: booking.found.parties, status: status(booking, isSlot: isSlot), time: time,
            requestedAt: time.lowerBound, claim: claim,
            words: AppointmentWords(reason: booking.input.reason, notes: booking.input.notes), createdAt: now,
            updatedAt: now)
        try await writer.add(
            record, of: booking.found.tenant, hold: hold?.id, by: actor, from: call.origin, in: tx)
        return record
    }

    /// Gives up the patient's own holds of this time, named or not and whoever books, for the visit that follows; nil
    /// where none begins with it. Who holds nothing waits for no lock.
    private func convert(
        _ booking: Booking, from origin: Origin, in tx: Transaction
    ) async throws -> HoldStore.Held? {
        let parties = booking.found.parties
        guard let doctor = parties.doctor else { return nil }
        let wanted = booking.wanted(booking.time)
        let hasHolds = try await times.hasHolds(of: wanted, in: tx)
        if booking.hold == nil, !hasHolds { return nil }
        try await times.claims.lock(doctors: [doctor], patient: parties.patient, in: tx)
        let used = try await times.useHolds(of: wanted, from: origin, in: tx)
        if let named = booking.hold, used?.id != named { throw AppointmentRules.holdExpired }
        return used
    }

    private func status(_ booking: Booking, isSlot: Bool) -> AppointmentStatus {
        guard booking.found.parties.doctor != nil else { return .requested }
        if booking.caller.role == .hospital { return .confirmed }
        return isSlot && booking.schedule?.autoConfirm == true ? .confirmed : .requested
    }

    /// The hold that the booking names: the caller's own, of the time and doctor asked for.
    private func held(
        _ input: BookAppointment, by caller: Caller, _ call: Call
    ) async throws -> HoldStore.Held? {
        guard let id = input.hold else { return nil }
        guard let held = try await times.holds.find(id, of: caller.account, in: database) else {
            throw Problem.notFound
        }
        guard held.isLive else {
            // The request may have used the hold before, and its answer was lost: then it is given again. Asked after
            // the hold was seen to be over, so that no answer committed in between is missed.
            try await unit.recall(call)
            throw AppointmentRules.holdExpired
        }
        let slot = held.slot
        guard slot.start > clock.now else { throw Problem.field("hold_id", "The time of this hold has passed.") }
        let isMeant =
            (input.wantedStart ?? slot.start) == slot.start && (input.wantedDoctor ?? slot.doctor) == slot.doctor
        guard isMeant else { throw Problem.field("hold_id", "This hold is of another time or doctor.") }
        return held
    }

    private func schedule(of doctor: ID<Doctor>?, at now: Instant) async throws -> DoctorSchedule? {
        guard let doctor else { return nil }
        return try await schedules.find(doctor, at: now)?.schedule
    }

    /// Asked before the transaction, in which nobody else is asked anything.
    private func shownNames(_ parties: AppointmentParties, _ call: Call) async throws -> DirectoryNames.Names {
        try await names.names(of: [parties], for: call.origin, until: call.deadline)
    }
}
