import Chassis
import Crypto
package import Kernel
package import Postgres
package import SchedulingDomain
package import Sealing

/// Doctors' queues by day. The day's row is locked while a number is given, so that numbers have no gaps and nobody
/// gets two.
package struct QueueStore: Sendable {
    let database: Database
    let keys: ServiceKeys

    package init(database: Database, keys: ServiceKeys) {
        self.database = database
        self.keys = keys
    }

    /// For whom a number is wanted.
    package struct Wanted: Sendable {
        package let doctor: ID<Doctor>
        package let hospital: ID<Hospital>
        package let day: CalendarDate
        /// In which the day is counted where the doctor has none of their own.
        package let zone: String
        package var appointment: ID<Appointment>?
        package var patient: ID<Patient>?
        package var patientAccount: ID<Account>?
        /// What a walk-in without a record is called by.
        package var label: String?

        package init(doctor: ID<Doctor>, hospital: ID<Hospital>, day: CalendarDate, zone: String) {
            self.doctor = doctor
            self.hospital = hospital
            self.day = day
            self.zone = zone
        }
    }

    /// The number, and whether it was given now: a visit and a patient have one live number a day.
    package func issue(
        _ wanted: Wanted, at now: Instant, in tx: Transaction
    ) async throws -> (number: QueueNumber, isNew: Bool) {
        try await tx.run(
            """
            insert into queue_day (doctor_id, day, hospital_id, last_number)
            values (\(wanted.doctor), \(wanted.day), \(wanted.hospital), 0)
            on conflict (doctor_id, day) do update set last_number = queue_day.last_number
            """)
        if let number = try await live(wanted, in: tx) { return (number, false) }
        let id = ID<QueueToken>.make(at: now)
        let label = try wanted.label.map { try keys.sealing.seal($0, authenticating: Self.associatedData(id)) }
        let number = try await tx.run(Self.row, refusals: Self.refusals) {
            """
            with next as (
                update queue_day set last_number = last_number + 1
                where doctor_id = \(wanted.doctor) and day = \(wanted.day) returning last_number)
            insert into queue_token as q (token_id, doctor_id, day, number, hospital_id, appointment_id, patient_id,
                patient_account_id, sealed_label, status, issued, timezone)
            select \(id), \(wanted.doctor), \(wanted.day), next.last_number, \(wanted.hospital), \(wanted.appointment),
                \(wanted.patient), \(wanted.patientAccount), \(label), 'WAITING', \(now),
                coalesce((select s.timezone from schedule s where s.doctor_id = \(wanted.doctor)), \(wanted.zone))
            from next returning \($0)
            """
        }.one
        return (number, true)
    }

    private func live(_ wanted: Wanted, in tx: Transaction) async throws -> QueueNumber? {
        try await tx.run(Self.row) {
            """
            select \($0) from queue_token q
            where q.doctor_id = \(wanted.doctor) and q.day = \(wanted.day)
                and (q.appointment_id = \(wanted.appointment) or q.patient_id = \(wanted.patient))
                and q.status in ('WAITING', 'CALLED', 'IN_SERVICE') order by q.number limit 1
            """
        }.first
    }

    package func find(_ id: ID<QueueToken>, for caller: Caller) async throws -> QueueNumber? {
        try await database.read(Self.row, as: Scope(caller)) {
            "select \($0) from queue_token q where q.token_id = \(id)"
        }.first
    }

    package func lock(_ id: ID<QueueToken>, in tx: Transaction) async throws -> QueueNumber? {
        try await tx.run(Self.row) {
            "select \($0) from queue_token q where q.token_id = \(id) for no key update of q"
        }.first
    }

    /// The live number of a visit.
    package struct Live: Sendable {
        package let number: QueueNumber
        /// Whether it is of another doctor or day than the visit is now.
        package let isElsewhere: Bool
    }

    /// The live number of a visit, locked.
    package func lock(
        of appointment: ID<Appointment>, with doctor: ID<Doctor>?, at start: Instant, in tx: Transaction
    ) async throws -> Live? {
        // A number of an earlier release has no zone: its day is taken as it is.
        let isElsewhere = Column<Bool>(
            """
            (q.doctor_id is distinct from \(doctor)::uuid \
            or coalesce(q.day <> (\(start)::timestamptz at time zone q.timezone)::date, false))
            """)
        return try await tx.run((Self.row + isElsewhere).map { Live(number: $0, isElsewhere: $1) }) {
            """
            select \($0) from queue_token q
            where q.appointment_id = \(appointment) and q.status in ('WAITING', 'CALLED', 'IN_SERVICE')
            for no key update of q
            """
        }.first
    }

    /// Who waits longest by number, locked; whom another desk is calling right now is passed over.
    package func lockNext(of doctor: ID<Doctor>, on day: CalendarDate, in tx: Transaction) async throws -> QueueNumber?
    {
        try await tx.run(Self.row) {
            """
            select \($0) from queue_token q
            where q.doctor_id = \(doctor) and q.day = \(day) and q.status = 'WAITING'
            order by q.number limit 1 for no key update of q skip locked
            """
        }.first
    }

    /// Keeps a number that was locked and changed.
    package func update(_ number: QueueNumber, in tx: Transaction) async throws {
        try await tx.run(
            """
            update queue_token set status = \(number.status), called = \(number.calledAt), served = \(number.servedAt),
                done = \(number.doneAt)
            where token_id = \(number.id)
            """, refusals: Self.refusals)
    }

    private static let isTaken = Problem.conflict("There is another live token for this visit or patient.")
    private static let refusals: Refusals = [
        "queue_token_of_appointment": isTaken, "queue_token_of_patient": isTaken,
    ]

    package func label(of id: ID<QueueToken>, for caller: Caller) async throws -> String? {
        try opened(
            await database.read(Self.label, as: Scope(caller)) {
                "select \($0) from queue_token q where q.token_id = \(id)"
            },
            id)
    }

    package func label(of id: ID<QueueToken>, in tx: Transaction) async throws -> String? {
        try opened(await tx.run(Self.label) { "select \($0) from queue_token q where q.token_id = \(id)" }, id)
    }

    private static let label = Column<[UInt8]?>("q.sealed_label")

    private func opened(_ rows: [[UInt8]?], _ id: ID<QueueToken>) throws -> String? {
        guard let sealed = rows.first ?? nil else { return nil }
        return try keys.sealing.openText(sealed, authenticating: Self.associatedData(id))
    }

    /// The columns of `queue_token q`.
    static let row = Projection(
        Column<ID<QueueToken>>("q.token_id"), Column<ID<Doctor>>("q.doctor_id"), Column<ID<Hospital>>("q.hospital_id"),
        Column<CalendarDate>("q.day"), Column<Int>("q.number"), Column<ID<Appointment>?>("q.appointment_id"),
        Column<ID<Patient>?>("q.patient_id"), Column<ID<Account>?>("q.patient_account_id"),
        Column<QueueStatus>("q.status"), Column<Instant>("q.issued"), Column<Instant?>("q.called"),
        Column<Instant?>("q.served"), Column<Instant?>("q.done"), make: QueueNumber.init)

    private static func associatedData(_ id: ID<QueueToken>) -> AssociatedData {
        AssociatedData(table: "queue_token", row: id.shortText, column: "sealed_label")
    }
}
