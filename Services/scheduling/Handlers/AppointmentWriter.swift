import Chassis
import Events
import Kernel
import Postgres
import SchedulingDomain

/// Writes a change of a visit whole, in one transaction: the row, its history, the event, the reminders, and what
/// becomes of time that is free again.
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
    ///   - freed: the doctor of `before`; nil where time that becomes free can be nobody else's (`BookableDoctors`).
    func change(
        _ before: AppointmentRecord, to after: AppointmentRecord, as event: EventType<AppointmentFact>,
        by actor: AppointmentActor, hold: ID<Claim>? = nil, freed: FreedDoctor?, from origin: Origin, in tx: Transaction
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
        if let freed, isOver || before.status.isOpen && before.claim != after.claim {
            try await offer(before, of: freed, from: origin, in: tx)
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

    private func offer(
        _ visit: AppointmentRecord, of freed: FreedDoctor, from origin: Origin, in tx: Transaction
    ) async throws {
        guard let doctor = visit.parties.doctor, let until = try await claims.busyUntil(visit.claim, in: tx) else {
            return
        }
        let time = FreedTime(
            doctor: doctor, hospital: visit.parties.hospital, department: visit.parties.department,
            start: visit.time.lowerBound, end: visit.time.upperBound, busyUntil: until,
            patient: visit.parties.patient)
        try await offers.freed(time, of: freed, from: origin, in: tx)
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
