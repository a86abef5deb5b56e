package import Kernel
package import Postgres
package import SchedulingDomain

/// A doctor's free slots, as the database computes them (`free_slots`).
package struct SlotStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How many slots a refusal proposes instead.
    package static let proposals = 5

    /// - Parameters:
    ///   - patient: an account whose own time is left out, and whose own hold is not.
    ///   - now: what notice and horizon count from.
    package func free(
        of doctor: ID<Doctor>, _ days: SlotDays, for patient: ID<Account>?, at now: Instant
    ) async throws -> [Slot] {
        try await database.read(Self.row) {
            """
            select \($0) from (select \(doctor)::uuid as doctor_id) d,
                free_slots(d.doctor_id, \(days.first), \(days.last), \(now), \(patient)) f order by f.starts
            """
        }
    }

    /// The slot of this name, if it is offered now.
    package func offered(
        _ id: SlotID, to patient: ID<Account>?, at now: Instant, in tx: Transaction
    ) async throws -> Slot? {
        try await tx.run(Self.row) {
            """
            select \($0) from (
                select s.doctor_id, (\(id.start)::timestamptz at time zone s.timezone)::date as day from schedule s
                where s.doctor_id = \(id.doctor)) d,
                free_slots(d.doctor_id, d.day, d.day, \(now), \(patient)) f where f.starts = \(id.start)
            """
        }.first
    }

    /// The first slots from this time on, at most five within 31 days.
    package func next(
        of doctor: ID<Doctor>, from start: Instant, for patient: ID<Account>?, at now: Instant, in tx: Transaction
    ) async throws -> [Slot] {
        try await tx.run(Self.row) {
            """
            select \($0) from (
                select s.doctor_id, (\(max(start, now))::timestamptz at time zone s.timezone)::date as day
                from schedule s where s.doctor_id = \(doctor)) d,
                free_slots(d.doctor_id, d.day, d.day + 30, \(now), \(patient)) f
            where f.starts >= \(start) and f.hold_id is null order by f.starts limit \(Self.proposals)
            """
        }
    }

    /// The first slots from this time on, as nobody in particular is offered them: more than are proposed, since
    /// some are left out for a patient who is busy then.
    package func next(of doctor: ID<Doctor>, from start: Instant, at now: Instant) async throws -> [Slot] {
        try await database.read(Self.row) {
            """
            select \($0) from (
                select s.doctor_id, (\(max(start, now))::timestamptz at time zone s.timezone)::date as day
                from schedule s where s.doctor_id = \(doctor)) d,
                free_slots(d.doctor_id, d.day, d.day + 30, \(now), null) f
            where f.starts >= \(start) order by f.starts limit \(4 * Self.proposals)
            """
        }
    }

    /// The columns of `free_slots f` for the doctor of `d`.
    private static let row = Projection(
        Column<ID<Doctor>>("d.doctor_id"), Column<Instant>("f.starts"), Column<Instant>("f.ends"),
        Column<String>("to_char(f.local_start, 'YYYY-MM-DD\"T\"HH24:MI')"), Column<ID<Claim>?>("f.hold_id")
    ) { doctor, start, end, local, hold in
        Slot(id: SlotID(doctor: doctor, start: start), end: end, localStart: local, hold: hold)
    }
}
