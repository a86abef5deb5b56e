package import API
package import Kernel
package import Postgres
package import SchedulingDomain

/// Slots that are kept for a patient: claims that end by themselves, by the database's own clock.
package struct HoldStore: Sendable {
    /// How long a hold lasts.
    let duration: Duration

    package init(duration: Duration) { self.duration = duration }

    /// A claim that keeps time for a patient.
    package struct Held: Sendable {
        package let id: ID<Claim>
        package let isOffer: Bool
        package let slot: SlotID
        package let end: Instant
        package let busyUntil: Instant
        package let patient: ID<Patient>
        package let expiresAt: Instant
        /// Whether it can be used or given back now.
        package let isLive: Bool
        fileprivate let hospital: ID<Hospital>?
        fileprivate let department: ID<Department>?

        /// The time as it is offered on once it is given back.
        package var freed: FreedTime? {
            hospital.map { hospital in
                FreedTime(
                    doctor: slot.doctor, hospital: hospital, department: department, start: slot.start, end: end,
                    busyUntil: busyUntil, patient: patient)
            }
        }
    }

    /// The patient's own live hold or offer of this slot.
    package func own(_ slot: SlotID, of patient: ID<Patient>, in tx: Transaction) async throws -> Held? {
        try await tx.run(Self.row) {
            """
            select \($0) from claim c where c.patient_id = \(patient) and c.starts = \(slot.start)
                and c.doctor_id = \(slot.doctor) and c.kind <> 'appointment' and \(sql: Self.isLive)
            """
        }.first
    }

    /// The patient's live holds and offers with this doctor that overlap the time.
    package func own(
        of patient: ID<Patient>, with doctor: ID<Doctor>, during time: Range<Instant>, in tx: Transaction
    ) async throws -> [ID<Claim>] {
        try await tx.run(Column<ID<Claim>>("c.claim_id")) {
            """
            select \($0) from claim c where c.patient_id = \(patient) and c.starts < \(time.upperBound)
                and c.ends > \(time.lowerBound) and c.doctor_id = \(doctor) and c.kind <> 'appointment'
                and \(sql: Self.isLive)
            """
        }
    }

    /// How many slots the patient holds now.
    package func count(of patient: ID<Patient>, in tx: Transaction) async throws -> Int {
        try await tx.run(Column<Int>("count(*)")) {
            """
            select \($0) from claim c
            where c.patient_id = \(patient) and c.kind = 'hold' and c.held_until > clock_timestamp()
                and c.starts > clock_timestamp()
            """
        }.one
    }

    /// Nil where the time is busy, of the doctor or of the patient.
    package func make(
        _ slot: Slot, of doctor: DoctorCard, buffer: Duration, for patient: ID<Patient>, account: ID<Account>,
        at now: Instant, in tx: Transaction
    ) async throws -> Held? {
        try await tx.run(Self.row) {
            """
            insert into claim as c (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until,
                hospital_id, department_id, claimed_at, held_until)
            values (\(ID<Claim>.make(at: now)), 'hold', \(slot.id.doctor), \(patient), \(account), \(slot.start),
                \(slot.end), \(slot.end + buffer), \(doctor.hospital), \(doctor.department), clock_timestamp(),
                clock_timestamp() + \(duration)::interval)
            on conflict do nothing returning \($0)
            """
        }.first
    }

    /// Whether the patient has other plans then.
    package func isBusy(
        _ patient: ID<Patient>, from start: Instant, to end: Instant, in tx: Transaction
    ) async throws -> Bool {
        try await tx.run(
            Column<Bool>(
                """
                exists (select from claim c where c.patient_id = \(patient) and c.held_until > clock_timestamp() \
                and c.starts < \(end) and c.ends > \(start))
                """)
        ).one
    }

    /// The account's hold or offer of this id, live or not.
    package func find(_ id: ID<Claim>, of account: ID<Account>, in database: Database) async throws -> Held? {
        try await database.read(Self.row) {
            """
            select \($0) from claim c
            where c.claim_id = \(id) and c.patient_account_id = \(account) and c.kind <> 'appointment'
            """
        }.first
    }

    /// Gives up a live hold or offer of this account; nil where there is none.
    package func release(_ id: ID<Claim>, of account: ID<Account>?, in tx: Transaction) async throws -> Held? {
        try await tx.run(Self.row) {
            """
            update claim c set held_until = c.claimed_at
            where c.claim_id = \(id) and c.patient_account_id = \(account) and c.kind <> 'appointment'
                and \(sql: Self.isLive)
            returning \($0)
            """
        }.first
    }

    /// Until when a hold or offer can be used: an offer's time stays busy longer, until it is handed on.
    private static let usableUntil: SQL = """
        (c.held_until - case when c.kind = 'offer' then \(WaitlistRules.handOver)::interval else interval '0' end)
        """
    private static let isLive: SQL = "\(sql: usableUntil) > clock_timestamp()"

    /// The columns of `claim c` with a doctor.
    private static let row = Projection(
        Column<ID<Claim>>("c.claim_id"), Column<Bool>("c.kind = 'offer'"), Column<ID<Doctor>>("c.doctor_id"),
        Column<Instant>("c.starts"), Column<Instant>("c.ends"), Column<Instant>("c.busy_until"),
        Column<ID<Patient>>("c.patient_id"), Column<Instant>(usableUntil), Column<Bool>(isLive),
        Column<ID<Hospital>?>("c.hospital_id"), Column<ID<Department>?>("c.department_id")
    ) { id, isOffer, doctor, start, end, busyUntil, patient, expiresAt, isLive, hospital, department in
        Held(
            id: id, isOffer: isOffer, slot: SlotID(doctor: doctor, start: start), end: end, busyUntil: busyUntil,
            patient: patient, expiresAt: expiresAt, isLive: isLive, hospital: hospital, department: department)
    }
}
