package import Kernel
package import Postgres
import SchedulingDomain

/// When patients are reminded of their visits. A reminder belongs to one start: what was moved away from is never told.
package struct ReminderStore: Sendable {
    package init() {}

    /// Plans the reminders of a visit that was confirmed or moved to this start; those of other starts go.
    package func plan(
        _ appointment: ID<Appointment>, start: Instant, at now: Instant, in tx: Transaction
    ) async throws {
        try await drop(appointment, except: start, in: tx)
        let due = ReminderPlan.due(start: start, now: now)
        try await tx.run(
            """
            insert into reminder (appointment_id, kind, starts, due_at)
            select \(appointment), d.kind, \(start), d.at
            from unnest(\(due.map(\.kind))::text[], \(due.map(\.at))::timestamptz[]) d (kind, at)
            on conflict do nothing
            """)
    }

    /// What is not told yet will not be: the visit is off, or begins at another time.
    package func drop(
        _ appointment: ID<Appointment>, except start: Instant? = nil, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            delete from reminder
            where appointment_id = \(appointment) and told_at is null and starts is distinct from \(start)
            """)
    }

    /// A reminder that is told now.
    package struct Due: Sendable, Equatable {
        package let appointment: ID<Appointment>
        package let kind: ReminderKind
        package let start: Instant
        package let hospital: ID<Hospital>
        package let doctor: ID<Doctor>?
        package let doctorAccount: ID<Account>?
        package let patient: ID<Patient>
        package let account: ID<Account>
    }

    /// How many are told in one transaction.
    package static let batch = 100

    /// Marks what is due as told, once whoever runs this and however often, and gives it.
    package func take(at now: Instant, in tx: Transaction) async throws -> [Due] {
        try await tx.run(
            Projection(
                Column<ID<Appointment>>("r.appointment_id"), Column<ReminderKind>("r.kind"),
                Column<Instant>("r.starts"),
                Column<ID<Hospital>>("due.hospital_id"), Column<ID<Doctor>?>("due.doctor_id"),
                Column<ID<Account>?>("due.doctor_account_id"), Column<ID<Patient>>("due.patient_id"),
                Column<ID<Account>>("due.patient_account_id"), make: Due.init)
        ) {
            """
            update reminder r set told_at = \(now) from (
                select q.appointment_id, q.kind, q.starts, a.hospital_id, a.doctor_id, a.doctor_account_id,
                    a.patient_id, a.patient_account_id
                from reminder q join appointment a on a.appointment_id = q.appointment_id
                where q.told_at is null and q.due_at <= \(now) and q.due_at > \(now - ReminderPlan.staleness)
                    and a.status = 'CONFIRMED' and a.starts = q.starts and a.patient_account_id is not null
                order by q.due_at limit \(Self.batch) for update of q skip locked) due
            where r.appointment_id = due.appointment_id and r.kind = due.kind and r.starts = due.starts
            returning \($0)
            """
        }
    }
}
