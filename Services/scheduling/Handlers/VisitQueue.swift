import API
import Chassis
import Events
import Kernel
import Postgres
import SchedulingDomain
import Web

/// The number of a visit in its doctor's walk-in queue: given when the patient checks in, over when that is.
struct VisitQueue: Sendable {
    let store: QueueStore
    let directory: any DirectorySource
    let ledger: Ledger

    /// The day in the doctor's zone, if the visit is of that day; asked before the transaction.
    func today(of record: AppointmentRecord, at now: Instant, _ call: Call) async throws -> CalendarDate? {
        guard let doctor = record.parties.doctor else { return nil }
        let hospital = record.parties.hospital
        let zone =
            try await directory.entries(
                DirectoryQuery(hospitals: [hospital]), for: call.origin, until: call.deadline
            ).hospitals.first?.timezone ?? "UTC"
        let today = try await store.today(of: doctor, orIn: zone, at: now)
        let day = try await store.today(of: doctor, orIn: zone, at: record.time.lowerBound)
        return day == today ? today : nil
    }

    /// Gives the visit its number when the patient checks in, or ends the one it has when that is undone or the visit
    /// is over.
    func update(
        _ before: AppointmentRecord, to after: AppointmentRecord, on today: CalendarDate?, at now: Instant,
        from origin: Origin, in tx: Transaction
    ) async throws {
        if after.status == .checkedIn, let today, let doctor = after.parties.doctor {
            var wanted = QueueStore.Wanted(doctor: doctor, hospital: after.parties.hospital, day: today)
            wanted.appointment = after.id
            wanted.patient = after.parties.patient
            wanted.patientAccount = after.parties.patientAccount
            let (number, isNew) = try await store.issue(wanted, at: now, in: tx)
            if isNew { try await tell(number, after, from: origin, in: tx) }
        } else if before.status == .checkedIn || !after.status.isOpen,
            let number = try await store.lock(of: before.id, in: tx)
        {
            let ended = number.changed(to: after.status == .completed ? .done : .left, at: now)
            try await store.update(ended, in: tx)
            try await tell(ended, after, from: origin, in: tx)
        }
    }

    private func tell(
        _ number: QueueNumber, _ record: AppointmentRecord, from origin: Origin, in tx: Transaction
    ) async throws {
        try await ledger.record(.queueChanged(number.fact(record.parties.doctorAccount)), from: origin, in: tx)
    }
}
