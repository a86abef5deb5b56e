import Chassis
import Events
package import Kernel
import Postgres

/// Tells that visits are a day or an hour ahead. By the clock, in the service's own name; one copy does it, and what
/// two would do at once is done once.
package struct TellReminders: Sendable {
    let database: Database
    let store: ReminderStore
    let ledger: Ledger
    let clock: any WallClock

    package static let origin = Origin.job("tell reminders")

    /// True when more is due than one run takes.
    package func run() async throws -> Bool {
        try await database.transaction(as: .service) { tx in
            let due = try await store.take(at: clock.now, in: tx)
            for reminder in due { try await ledger.record(.reminderDue(reminder.fact), from: Self.origin, in: tx) }
            return due.count == ReminderStore.batch
        }
    }
}

extension ReminderStore.Due {
    var fact: ReminderFact {
        ReminderFact(
            appointment: appointment, kind: kind, hospital: hospital, doctor: doctor, doctorAccount: doctorAccount,
            patient: patient, patientAccount: account, start: start)
    }
}
