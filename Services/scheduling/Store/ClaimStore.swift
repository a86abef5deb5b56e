package import Kernel
package import Postgres

/// What makes time busy. A claim is taken by one statement that the database's constraints decide; it is given up by
/// emptying the span in which it holds.
package struct ClaimStore: Sendable {
    package init() {}

    /// The time of a visit.
    package struct Wanted: Sendable {
        /// Nil where none is named yet: then the patient's time alone becomes busy.
        package let doctor: ID<Doctor>?
        package let patient: ID<Patient>
        package let patientAccount: ID<Account>?
        package let time: Range<Instant>
        /// Kept free behind it.
        package let buffer: Duration

        package init(
            doctor: ID<Doctor>?, patient: ID<Patient>, patientAccount: ID<Account>?, time: Range<Instant>,
            buffer: Duration
        ) {
            self.doctor = doctor
            self.patient = patient
            self.patientAccount = patientAccount
            self.time = time
            self.buffer = buffer
        }

        var busyUntil: Instant { min(time.upperBound + buffer, time.lowerBound + .seconds(86_400)) }
    }

    /// Nil where the time is busy, of the doctor or of the patient.
    /// - Parameter overbooked: beside another visit of the doctor; the patient's own time must be free all the same.
    package func take(
        _ wanted: Wanted, overbooked: Bool = false, at now: Instant, in tx: Transaction
    ) async throws -> ID<Claim>? {
        let id = ID<Claim>.make(at: now)
        // The constraint does not see overbooked claims: their time is busy for others too.
        let rows = try await tx.run(
            """
            insert into claim (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until,
                overbooked, claimed_at, held_until)
            select \(id)::uuid, 'appointment', \(wanted.doctor)::uuid, \(wanted.patient)::uuid,
                \(wanted.patientAccount)::uuid, \(wanted.time.lowerBound)::timestamptz,
                \(wanted.time.upperBound)::timestamptz, \(wanted.busyUntil)::timestamptz, \(overbooked)::boolean,
                clock_timestamp(), 'infinity'
            where \(overbooked)::boolean or not exists (select from claim c
                where c.doctor_id = \(wanted.doctor)::uuid and c.overbooked
                    and c.starts < \(wanted.busyUntil)::timestamptz
                    and c.starts > \(wanted.time.lowerBound)::timestamptz - interval '24 hours'
                    and c.busy_until > \(wanted.time.lowerBound)::timestamptz and c.held_until > clock_timestamp())
            on conflict do nothing
            """)
        return rows.affected == 1 ? id : nil
    }

    /// Who asks whether a time is taken.
    package enum Asker: Sendable {
        case account(ID<Account>), patient(ID<Patient>)

        fileprivate var condition: SQL {
            switch self {
            case .account(let account): "o.patient_account_id = \(account)"
            case .patient(let patient): "o.patient_id = \(patient)"
            }
        }
    }

    /// Whether others have the doctor's time now, by what is committed. False where the asker has claims of their own
    /// then: what they may do with those is the transaction's to find out.
    /// - Parameter visit: the claim of the visit that is to get the time, if there is one; it does not count.
    package func isTaken(
        _ time: Range<Instant>, of doctor: ID<Doctor>, by asker: Asker, besides visit: ID<Claim>? = nil,
        in database: Database
    ) async throws -> Bool {
        try await database.read(
            Column<Bool>(
                """
                exists (select from claim c where c.doctor_id = \(doctor) and c.starts < \(time.upperBound) \
                and c.starts > \(time.lowerBound)::timestamptz - interval '24 hours' \
                and c.busy_until > \(time.lowerBound) and c.held_until > clock_timestamp() \
                and c.claim_id is distinct from \(visit)) \
                and not exists (select from claim o where \(sql: asker.condition) and o.starts < \(time.upperBound) \
                and o.ends > \(time.lowerBound) and o.held_until > clock_timestamp() \
                and o.claim_id is distinct from \(visit))
                """)
        ).one
    }

    /// When a patient's own time is busy.
    package func times(
        of patient: ID<Account>, within span: Range<Instant>, in database: Database
    ) async throws -> [Range<Instant>] {
        let bounds = Projection(Column<Instant>("c.starts"), Column<Instant>("c.ends")) { start, end in
            start..<max(start, end)
        }
        return try await database.read(bounds) {
            """
            select \($0) from claim c where c.patient_account_id = \(patient) and c.starts < \(span.upperBound)
                and c.ends > \(span.lowerBound) and c.held_until > clock_timestamp()
            """
        }
    }

    /// Frees the claim's time at once; a claim that holds no more stays as it is.
    package func giveUp(_ id: ID<Claim>, in tx: Transaction) async throws {
        try await tx.run(
            """
            update claim set held_until = claimed_at where claim_id = \(id) and held_until > clock_timestamp()
            """)
    }

    /// When a claim's time is over for others, buffer included.
    package func busyUntil(_ id: ID<Claim>, in tx: Transaction) async throws -> Instant? {
        try await tx.run(Column<Instant>("busy_until")) { "select \($0) from claim where claim_id = \(id)" }.first
    }

    /// Locks doctors and a patient until the transaction ends, in the order of their ids: two moves that change places
    /// would wait for each other without it, and a patient's holds and entries are counted one request at a time.
    package func lock(
        doctors: [ID<Doctor>?], patient: ID<Patient>, in tx: Transaction
    ) async throws {
        let ids = Set(doctors.compactMap { $0?.description } + [patient.description]).sorted()
        try await tx.run(
            "select pg_advisory_xact_lock(hashtextextended(u.id, 7)) from unnest(\(ids)::text[]) u (id)")
    }
}
