import API
import Chassis
import Events
import Kernel
import Postgres
import SchedulingDomain
import Web

/// The number of a visit in its doctor's walk-in queue: given when the patient checks in, over when that is, and when
/// the visit goes to another doctor or day.
struct VisitQueue: Sendable {
    let store: QueueStore
    let directory: any DirectorySource
    let ledger: Ledger

    /// A day of a doctor's queue, and the zone it is counted in where the doctor has none of their own.
    struct Day: Sendable {
        let date: CalendarDate
        let zone: String
    }

    /// The day in the doctor's zone, if the visit is of that day; asked before the transaction.
    func today(of record: AppointmentRecord, at now: Instant, _ call: Call) async throws -> Day? {
        guard let doctor = record.parties.doctor else { return nil }
        let hospital = record.parties.hospital
        let zone =
            try await directory.entries(
                DirectoryQuery(hospitals: [hospital]), for: call.origin, until: call.deadline
            ).hospitals.first?.timezone ?? "UTC"
        let today = try await store.today(of: doctor, orIn: zone, at: now)
        let day = try await store.today(of: doctor, orIn: zone, at: record.time.lowerBound)
        return day == today ? Day(date: today, zone: zone) : nil
    }

    /// Gives the visit its number when the patient checks in, or ends the one it has when that is undone, the visit is
    /// over, or it is another doctor's or another day's.
    func update(
        _ before: AppointmentRecord, to after: AppointmentRecord, on today: Day?, at now: Instant,
        from origin: Origin, in tx: Transaction
    ) async throws {
        let live = try await store.lock(
            of: after.id, with: after.parties.doctor, at: after.time.lowerBound, in: tx)
        let isUndone = before.status == .checkedIn && after.status != .checkedIn
        if let live, live.isElsewhere || isUndone || !after.status.isOpen {
            let ended = live.number.changed(to: after.status == .completed ? .done : .left, at: now)
            try await store.update(ended, in: tx)
            // Told to the doctor whose number it was.
            let isFormer = live.number.doctor != after.parties.doctor
            try await tell(ended, isFormer ? before : after, from: origin, in: tx)
        }
        guard after.status == .checkedIn, let today, let doctor = after.parties.doctor else { return }
        var wanted = QueueStore.Wanted(
            doctor: doctor, hospital: after.parties.hospital, day: today.date, zone: today.zone)
        wanted.appointment = after.id
        wanted.patient = after.parties.patient
        wanted.patientAccount = after.parties.patientAccount
        let (number, isNew) = try await store.issue(wanted, at: now, in: tx)
        if isNew { try await tell(number, after, from: origin, in: tx) }
    }

    private func tell(
        _ number: QueueNumber, _ record: AppointmentRecord, from origin: Origin, in tx: Transaction
    ) async throws {
        try await ledger.record(.queueChanged(number.fact(record.parties.doctorAccount)), from: origin, in: tx)
    }
}
