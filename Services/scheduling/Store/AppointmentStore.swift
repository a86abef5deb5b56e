import Chassis
import Crypto
package import Kernel
package import Postgres
package import SchedulingDomain
package import Sealing

/// Visits and their history. Every question names the caller it is asked for, and row-level security answers for that
/// caller alone.
package struct AppointmentStore: Sendable {
    let database: Database
    let keys: DataKeys<Patient>

    package init(database: Database, keys: DataKeys<Patient>) {
        self.database = database
        self.keys = keys
    }

    package func find(_ id: ID<Appointment>, as scope: Scope) async throws -> AppointmentRecord? {
        try await database.read(Self.row, as: scope) {
            "select \($0) from appointment a where a.appointment_id = \(id)"
        }.first.map(open)
    }

    /// What happened to a visit, in order.
    package func history(of id: ID<Appointment>, as scope: Scope) async throws -> [AppointmentChange] {
        try await database.read(Self.change, as: scope) {
            "select \($0) from appointment_change h where h.appointment_id = \(id) order by h.n"
        }
    }

    /// A visit that nobody else changes until the transaction ends; nil where the caller has no such.
    package func lock(_ id: ID<Appointment>, in tx: Transaction) async throws -> AppointmentRecord? {
        try await tx.run(Self.row) {
            "select \($0) from appointment a where a.appointment_id = \(id) for no key update of a"
        }.first.map(open)
    }

    /// The visits ahead at a hospital that are still open and were booked before a time, locked.
    package func lockAhead(
        of hospital: ID<Hospital>, madeBefore time: Instant, at now: Instant, in tx: Transaction
    ) async throws -> [AppointmentRecord] {
        try await tx.run(Self.row) {
            """
            select \($0) from appointment a
            where a.hospital_id = \(hospital) and a.status in \(sql: AppointmentStatus.openList)
                and a.starts > \(now) and a.created_at <= \(time)
            order by a.appointment_id for no key update of a
            """
        }.map(open)
    }

    /// Whether the patient has or had a visit there.
    package func knows(_ patient: ID<Patient>, at hospital: ID<Hospital>, as scope: Scope) async throws -> Bool {
        try await database.read(
            Column<Bool>(
                """
                exists (select from appointment a where a.patient_id = \(patient) and a.hospital_id = \(hospital))
                """), as: scope
        ).one
    }

    /// - Parameter tenant: of the patient's record.
    package func insert(
        _ record: AppointmentRecord, of tenant: ID<Tenant>, by actor: AppointmentActor, in tx: Transaction
    ) async throws {
        let sealed = try await seal(record, in: tenant, tx)
        let parties = record.parties
        try await tx.run(
            """
            insert into appointment (appointment_id, hospital_id, hospital_account_id, department_id, doctor_id,
                doctor_account_id, patient_id, patient_account_id, status, starts, ends, requested_at, claim_id, sealed,
                version, created_at, updated_at)
            values (\(record.id), \(parties.hospital), \(parties.hospitalAccount), \(parties.department),
                \(parties.doctor), \(parties.doctorAccount), \(parties.patient), \(parties.patientAccount),
                \(record.status), \(record.time.lowerBound), \(record.time.upperBound), \(record.requestedAt),
                \(record.claim), \(sealed), \(record.version), \(record.createdAt), \(record.updatedAt))
            """)
        try await note(AppointmentChange(from: nil, to: record, by: actor), in: tx)
    }

    /// Keeps what the domain made of a locked visit.
    package func update(
        _ before: AppointmentRecord, to record: AppointmentRecord, by actor: AppointmentActor, in tx: Transaction
    ) async throws {
        // Words are only ever added. The tenant is told for a first key, made where the booking said nothing.
        let parties = record.parties
        let sealed = record.words == before.words ? nil : try await seal(record, in: parties.hospital.retyped(), tx)
        let rows = try await tx.run(
            """
            update appointment set department_id = \(parties.department), doctor_id = \(parties.doctor),
                doctor_account_id = \(parties.doctorAccount), status = \(record.status),
                starts = \(record.time.lowerBound), ends = \(record.time.upperBound), claim_id = \(record.claim),
                sealed = coalesce(\(sealed), sealed), overbooked = \(record.isOverbooked),
                ics_sequence = \(record.sequence), prescription_id = \(record.prescription),
                cancelled_by = \(record.cancelledBy),
                version = \(record.version), updated_at = \(record.updatedAt)
            where appointment_id = \(record.id) and version = \(before.version)
            """)
        if rows.affected != 1 { throw Problem.preconditionFailed }
        try await note(AppointmentChange(from: before, to: record, by: actor), in: tx)
    }

    private func note(_ change: AppointmentChange, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into appointment_change (appointment_id, n, at, by_account, by_role, from_status, to_status,
                from_starts, to_starts, from_doctor, to_doctor)
            values (\(change.appointment), \(change.number), \(change.at), \(change.actor.account),
                \(change.actor.role), \(change.fromStatus), \(change.toStatus), \(change.fromStart),
                \(change.toStart), \(change.fromDoctor), \(change.toDoctor))
            """)
    }

    private func seal(
        _ record: AppointmentRecord, in tenant: ID<Tenant>, _ tx: Transaction
    ) async throws -> [UInt8]? {
        if record.words.isEmpty { return nil }
        let key = try await keys.key(of: record.parties.patient, in: tenant, at: record.updatedAt, in: tx)
        return try key.key.seal(
            AppointmentDocument.bytes(of: record.words), authenticating: Self.associatedData(record.id))
    }

    func open(_ row: Row) throws -> AppointmentRecord {
        AppointmentRecord(
            id: row.id, parties: row.parties, status: row.state.status, time: try Self.time(row),
            requestedAt: row.state.requestedAt, claim: row.state.claim, words: try words(row),
            isOverbooked: row.state.isOverbooked, sequence: row.state.sequence, prescription: row.state.prescription,
            cancelledBy: row.state.cancelledBy, version: row.state.version, createdAt: row.state.createdAt,
            updatedAt: row.state.updatedAt)
    }

    private static func time(_ row: Row) throws -> Range<Instant> {
        guard row.state.start < row.state.end else { throw BrokenRow("appointment", row.id) }
        return row.state.start..<row.state.end
    }

    private func words(_ row: Row) throws -> AppointmentWords {
        guard let sealed = row.state.sealed else { return AppointmentWords(reason: nil, notes: nil) }
        guard let wrapped = row.state.wrappedKey else { throw BrokenRow("data_key", row.parties.patient) }
        let bytes = try keys.key(wrapped, of: row.parties.patient).open(
            sealed, authenticating: Self.associatedData(row.id))
        guard let words = AppointmentDocument.words(in: bytes) else { throw BrokenRow("appointment", row.id) }
        return words
    }

    private static func associatedData(_ id: ID<Appointment>) -> AssociatedData {
        AssociatedData(table: "appointment", row: id.shortText, column: "sealed")
    }
}
