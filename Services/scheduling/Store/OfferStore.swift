package import Kernel
package import Postgres
package import SchedulingDomain

/// Offers of freed time to those who wait. All of it is done in the service's own name: who frees a time is not shown
/// who waits for it.
package struct OfferStore: Sendable {
    package init() {}

    /// An entry that has an offer now, or had one.
    package struct Offered: Sendable {
        package let entry: ID<WaitlistEntry>
        package let account: ID<Account>
        package let hospital: ID<Hospital>
        package let doctor: ID<Doctor>
        package let start: Instant
    }

    /// How many of those who wait are tried for one time: who is busy then is passed over, and keeps the place.
    private static let tried = 50

    /// Keeps free time for the first of those who wait for it and are free then. Nil where there is nobody.
    package func offer(_ time: FreedTime, at now: Instant, in tx: Transaction) async throws -> Offered? {
        var last: Int64 = 0
        for _ in 0..<Self.tried {
            guard let waiting = try await lockNext(for: time, after: last, in: tx) else { return nil }
            if try await keep(time, for: waiting, at: now, in: tx) {
                return Offered(
                    entry: waiting.entry, account: waiting.account, hospital: time.hospital, doctor: time.doctor,
                    start: time.start)
            }
            last = waiting.place
        }
        return nil
    }

    private struct Waiting: Sendable {
        let entry: ID<WaitlistEntry>
        let patient: ID<Patient>
        let account: ID<Account>
        let place: Int64
    }

    /// Who waits next for such a time, locked; one who is offered another right now is passed over. One entry at a
    /// time, so that times freed at once go to as many.
    private func lockNext(for time: FreedTime, after place: Int64, in tx: Transaction) async throws -> Waiting? {
        try await tx.run(
            Projection(
                Column<ID<WaitlistEntry>>("w.entry_id"), Column<ID<Patient>>("w.patient_id"),
                Column<ID<Account>>("w.patient_account_id"), Column<Int64>("w.seq"), make: Waiting.init)
        ) {
            """
            select \($0) from waitlist_entry w
            where w.status = 'WAITING' and w.seq > \(place) and w.hospital_id = \(time.hospital)
                and (w.doctor_id is null or w.doctor_id = \(time.doctor))
                and (w.department_id is null or w.department_id = \(time.department))
                and w.from_at <= \(time.start) and w.to_at > \(time.start)
                and w.patient_id is distinct from \(time.patient)
                and not exists (select from waitlist_declined d where d.entry_id = w.entry_id
                    and d.doctor_id = \(time.doctor) and d.starts = \(time.start))
            order by w.seq limit 1 for no key update of w skip locked
            """
        }.first
    }

    /// Nobody has the time, beside others or alone, and the doctor works then (one without hours at any time).
    package func isFree(_ time: FreedTime, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            Column<Bool>(
                """
                not exists (select from claim c where c.doctor_id = \(time.doctor) \
                and c.starts < \(time.busyUntil) and c.starts > \(time.start)::timestamptz - interval '24 hours' \
                and c.busy_until > \(time.start) and c.held_until > clock_timestamp()) \
                and (not exists (select from weekly_hours h where h.doctor_id = \(time.doctor)) \
                or coalesce(tstzrange(\(time.start), \(time.end)) <@ working_time(\(time.doctor), \
                \(time.start.date.adding(days: -2)), \(time.end.date.adding(days: 2))), false))
                """)
        ).one
    }

    /// The day on which it begins for the doctor: in their zone, or in the given one where they have no schedule.
    package func day(of time: FreedTime, orIn zone: String, in tx: Transaction) async throws -> CalendarDate {
        try await tx.run(
            Column<CalendarDate>(
                """
                (\(time.start)::timestamptz at time zone coalesce(\
                (select s.timezone from schedule s where s.doctor_id = \(time.doctor)), \(zone)))::date
                """)
        ).one
    }

    private func keep(
        _ time: FreedTime, for waiting: Waiting, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let length = WaitlistRules.offerTime + WaitlistRules.handOver
        let claim = try await tx.run(Column<ID<Claim>>("c.claim_id")) {
            """
            insert into claim as c (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until,
                hospital_id, department_id, claimed_at, held_until)
            values (\(ID<Claim>.make(at: now)), 'offer', \(time.doctor), \(waiting.patient), \(waiting.account),
                \(time.start), \(time.end), \(time.busyUntil), \(time.hospital), \(time.department),
                clock_timestamp(), clock_timestamp() + \(length)::interval)
            on conflict do nothing returning \($0)
            """
        }.first
        guard let claim else { return false }
        try await tx.run(
            """
            update waitlist_entry set status = 'OFFERED', claim_id = \(claim), until = \(now + WaitlistRules.offerTime)
            where entry_id = \(waiting.entry)
            """)
        return true
    }

    /// An offer that nobody took in time, or whose entry has it no more.
    package struct Due: Sendable {
        /// Nil where the entry was closed.
        package let entry: ID<WaitlistEntry>?
        package let claim: ID<Claim>
        package let doctor: ID<Doctor>
        package let hospital: ID<Hospital>
    }

    /// How many are read at once.
    package static let batch = 100

    package func due(at now: Instant, in database: Database) async throws -> [Due] {
        try await database.read(
            Projection(
                Column<ID<WaitlistEntry>?>("o.entry_id"), Column<ID<Claim>>("o.claim_id"),
                Column<ID<Doctor>>("o.doctor_id"), Column<ID<Hospital>>("o.hospital_id"), make: Due.init), as: .service
        ) {
            """
            select \($0) from (
                select w.entry_id, c.claim_id, c.doctor_id, w.hospital_id, w.until as since
                from waitlist_entry w join claim c on c.claim_id = w.claim_id
                where w.status = 'OFFERED' and w.until <= \(now)
                union all
                select null, c.claim_id, c.doctor_id, c.hospital_id, c.claimed_at from claim c
                where c.kind = 'offer' and c.held_until > clock_timestamp() and c.hospital_id is not null
                    and not exists (select from waitlist_entry w
                        where w.status = 'OFFERED' and w.claim_id = c.claim_id)) o
            order by o.since limit \(Self.batch)
            """
        }
    }

    /// An offer that is over.
    package struct Ended: Sendable {
        /// Whose it was; nil where the entry was closed.
        package let passed: Offered?
        package let time: FreedTime
    }

    /// The offer is over: its time is free, and its entry goes behind all that wait. Nil where it was taken meanwhile.
    package func end(_ due: Due, at now: Instant, in tx: Transaction) async throws -> Ended? {
        guard let time = try await giveUp(due, in: tx) else { return nil }
        guard let entry = due.entry else { return Ended(passed: nil, time: time) }
        let slot = SlotID(doctor: time.doctor, start: time.start)
        let offered = try await tx.run(Self.row(slot)) {
            """
            update waitlist_entry w set status = 'WAITING', claim_id = null, until = null, seq = default
            where w.entry_id = \(entry) and w.claim_id = \(due.claim) and w.until <= \(now) returning \($0)
            """
        }.first
        guard let offered else { return nil }
        try await remember(slot, declinedBy: offered.entry, in: tx)
        return Ended(passed: offered, time: time)
    }

    /// The offer was given back: the entry keeps its place for other times.
    package func decline(_ claim: ID<Claim>, of slot: SlotID, in tx: Transaction) async throws {
        let offered = try await tx.run(Self.row(slot)) {
            """
            update waitlist_entry w set status = 'WAITING', claim_id = null, until = null
            where w.claim_id = \(claim) and w.status = 'OFFERED' returning \($0)
            """
        }.first
        if let offered { try await remember(slot, declinedBy: offered.entry, in: tx) }
    }

    /// Ends the claim. That of an entry may have ended by itself while nobody could run the job; one without must be
    /// live still. Claims of before 0011 name no hospital.
    private func giveUp(_ due: Due, in tx: Transaction) async throws -> FreedTime? {
        try await tx.run(FreedTime.row(at: "coalesce(c.hospital_id, \(due.hospital))")) {
            """
            update claim c set held_until = c.claimed_at
            where c.claim_id = \(due.claim) and c.kind = 'offer'
                and (\(due.entry != nil) or c.held_until > clock_timestamp())
            returning \($0)
            """
        }.first
    }

    /// What was booked, and by whom.
    package struct Booking: Sendable {
        package let account: ID<Account>
        package let hospital: ID<Hospital>
        package let department: ID<Department>?
        package let doctor: ID<Doctor>?
        package let start: Instant
        /// The hold or offer that became the booking.
        package let hold: ID<Claim>?

        package init(
            account: ID<Account>, hospital: ID<Hospital>, department: ID<Department>?, doctor: ID<Doctor>?,
            start: Instant, hold: ID<Claim>?
        ) {
            self.account = account
            self.hospital = hospital
            self.department = department
            self.doctor = doctor
            self.start = start
            self.hold = hold
        }
    }

    /// Closes the patient's entries that the booking answers. Another offer among them is no entry's then, which
    /// makes it due.
    package func close(for booking: Booking, in tx: Transaction) async throws {
        try await tx.run(
            """
            update waitlist_entry set status = 'BOOKED', claim_id = null, until = null
            where patient_account_id = \(booking.account) and status in ('WAITING', 'OFFERED')
                and (claim_id = \(booking.hold) or hospital_id = \(booking.hospital)
                    and (doctor_id is null or doctor_id = \(booking.doctor))
                    and (department_id is null or department_id = \(booking.department))
                    and from_at <= \(booking.start) and to_at > \(booking.start))
            """)
    }

    private func remember(_ slot: SlotID, declinedBy entry: ID<WaitlistEntry>, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into waitlist_declined (entry_id, doctor_id, starts)
            values (\(entry), \(slot.doctor), \(slot.start)) on conflict do nothing
            """)
    }

    private static func row(_ slot: SlotID) -> Projection<Offered> {
        Projection(
            Column<ID<WaitlistEntry>>("w.entry_id"), Column<ID<Account>>("w.patient_account_id"),
            Column<ID<Hospital>>("w.hospital_id")
        ) { Offered(entry: $0, account: $1, hospital: $2, doctor: slot.doctor, start: slot.start) }
    }
}
