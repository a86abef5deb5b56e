import Chassis
import Events
import Kernel
import Postgres
import SchedulingDomain

/// Writes a change of a visit whole, in one transaction: the row, its history, the event, the reminders, and what the
/// waitlist is offered of time that became free.
struct AppointmentWriter: Sendable {
    let store: AppointmentStore
    let claims: ClaimStore
    let reminders: ReminderStore
    let offers: WaitlistOffers
    let ledger: Ledger

    /// - Parameters:
    ///   - tenant: of the patient's record.
    ///   - hold: the hold or offer that became the visit's.
    func add(
        _ record: AppointmentRecord, of tenant: ID<Tenant>, hold: ID<Claim>?, by actor: AppointmentActor,
        from origin: Origin, in tx: Transaction
    ) async throws {
        try await store.insert(record, of: tenant, by: actor, in: tx)
        let fact = record.fact(by: actor)
        try await ledger.record(
            record.status == .confirmed ? .appointmentConfirmed(fact) : .appointmentRequested(fact), from: origin,
            in: tx)
        if record.status == .confirmed {
            try await reminders.plan(record.id, start: record.time.lowerBound, at: record.updatedAt, in: tx)
        }
        try await closeWaiting(for: record, hold: hold, in: tx)
    }

    /// - Parameters:
    ///   - after: what the domain made of it; where its claim is another, the old one is given up already.
    ///   - hold: the hold or offer that became the visit's, if one did.
    ///   - canOffer: whether time that becomes free can be anybody else's (`BookableDoctors`).
    func change(
        _ before: AppointmentRecord, to after: AppointmentRecord, as event: EventType<AppointmentFact>,
        by actor: AppointmentActor, hold: ID<Claim>? = nil, canOffer: Bool, from origin: Origin, in tx: Transaction
    ) async throws {
        try await store.update(before, to: after, by: actor, in: tx)
        try await ledger.record(event(after.fact(by: actor, former: before)), from: origin, in: tx)
        if after.status == .confirmed {
            try await reminders.plan(after.id, start: after.time.lowerBound, at: after.updatedAt, in: tx)
        } else {
            try await reminders.drop(after.id, in: tx)
        }
        if hold != nil { try await closeWaiting(for: after, hold: hold, in: tx) }
        let isOver = before.status.isOpen && !after.status.isOpen
        if isOver { try await claims.giveUp(before.claim, in: tx) }
        if canOffer, isOver || before.status.isOpen && before.claim != after.claim {
            try await offer(before, from: origin, in: tx)
        }
    }

    /// What the patient waited for at this time and place they have now.
    private func closeWaiting(
        for record: AppointmentRecord, hold: ID<Claim>?, in tx: Transaction
    ) async throws {
        guard let account = record.parties.patientAccount else { return }
        let booking = OfferStore.Booking(
            account: account, hospital: record.parties.hospital, department: record.parties.department,
            doctor: record.parties.doctor, start: record.time.lowerBound, hold: hold)
        try await offers.booked(booking, in: tx)
    }

    private func offer(_ freed: AppointmentRecord, from origin: Origin, in tx: Transaction) async throws {
        guard let doctor = freed.parties.doctor, let until = try await claims.busyUntil(freed.claim, in: tx) else {
            return
        }
        let time = FreedTime(
            doctor: doctor, hospital: freed.parties.hospital, department: freed.parties.department,
            start: freed.time.lowerBound, end: freed.time.upperBound, busyUntil: until,
            patient: freed.parties.patient)
        try await offers.freed(time, from: origin, in: tx)
    }
}

extension AppointmentRecord {
    /// - Parameter former: the visit before, whose doctor hears of it too where another has it now.
    func fact(by actor: AppointmentActor, former: AppointmentRecord? = nil) -> AppointmentFact {
        let isTaken = former.map { $0.parties.doctor != parties.doctor } ?? false
        return AppointmentFact(
            appointment: id, hospital: parties.hospital, hospitalAccount: parties.hospitalAccount,
            department: parties.department, doctor: parties.doctor, doctorAccount: parties.doctorAccount,
            patient: parties.patient, patientAccount: parties.patientAccount, status: status, start: time.lowerBound,
            actor: actor.account, formerDoctor: isTaken ? former?.parties.doctor : nil,
            formerDoctorAccount: isTaken ? former?.parties.doctorAccount : nil)
    }
}
