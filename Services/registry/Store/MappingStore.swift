package import API
import Chassis
import Crypto
package import Kernel
package import Postgres
package import RegistryDomain

/// Who cares for whom, as the patients' keeper sees it.
package struct MappingStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) { (self.database, self.vault) = (database, vault) }

    /// A mapping together with the doctor's directory entry.
    package struct Shown: Sendable {
        package let mapping: CareMapping
        package let doctor: DoctorEntry
    }

    private static let columns: SQL = """
        m.mapping_id, m.patient_id, m.owner_id, m.doctor_id, m.is_primary, m.sealed_notes, m.assigned_at, \
        (select k.wrapped from data_key k where k.owner_id = m.owner_id)
        """
    private static let columnCount = 8
    private static let order = "mappings"

    private static let refusals: Refusals = [
        "mapping_patient_doctor_key": CareMapping.isDuplicate,
        "mapping_one_primary": CareMapping.hasPrimary,
        // Deleted by its creator while this was under way.
        "mapping_doctor": Problem(.notFound, "Doctor not found."),
        "mapping_patient": Problem(.notFound, "Patient not found."),
    ]

    /// Adds to a patient that is held, so that nobody adds at the same time.
    package func insert(_ mapping: CareMapping, to held: PatientStore.Held, in tx: Transaction) async throws {
        let count = try await tx.run(
            "select count(*) from mapping where patient_id = \(mapping.patient) and owner_id = \(mapping.owner)")
        try CareMapping.mustHaveRoom(beside: try count.one.integer(0))
        let notes = try mapping.notes.map { try held.key.seal($0, at: Self.place(mapping.id)) }
        try await tx.run(
            """
            insert into mapping (mapping_id, patient_id, owner_id, doctor_id, is_primary, sealed_notes, assigned_at)
            values (\(mapping.id), \(mapping.patient), \(mapping.owner), \(mapping.doctor),
                \(mapping.isPrimary), \(notes), \(mapping.assignedAt))
            """, refusals: Self.refusals)
    }

    /// Removes the mapping and says which patient and doctor it joined; nil when the caller has no such mapping.
    package func remove(
        _ id: ID<Mapping>, for caller: Caller, in tx: Transaction
    ) async throws -> (patient: ID<Patient>, doctor: ID<Doctor>)? {
        try await tx.run(
            """
            delete from mapping where mapping_id = \(id) and owner_id = \(caller.account)
            returning patient_id, doctor_id
            """
        ).first.map { (try $0.id(0), try $0.id(1)) }
    }

    /// The caller's mappings, newest first.
    package func list(_ query: MappingsQuery, for caller: Caller) async throws -> Page<Shown> {
        let condition = Self.condition(query, caller)
        guard case .after(let cursor) = query.page.position else {
            return try await numbered(condition, query.page, caller)
        }
        let older: SQL =
            if let cursor {
                " and m.mapping_id < \(try Cursor<Mapping>(cursor, order: Self.order).id)"
            } else { "" }
        let rows = try await database.read(
            """
            select \(sql: Self.columns), \(sql: DoctorStore.columns)
            from mapping m join doctor d on d.doctor_id = m.doctor_id
            where \(sql: condition)\(sql: older) order by m.mapping_id desc limit \(query.page.size + 1)
            """, as: Scope(caller))
        return Page(fetched: try rows.map { try shown($0) }, size: query.page.size) {
            Cursor(order: Self.order, id: $0.mapping.id).text
        }
    }

    private static func condition(_ query: MappingsQuery, _ caller: Caller) -> SQL {
        var conditions: [SQL] = ["m.owner_id = \(caller.account)"]
        if let patient = query.patient { conditions.append("m.patient_id = \(patient)") }
        if let doctor = query.doctor { conditions.append("m.doctor_id = \(doctor)") }
        conditions.append("(\(query.isPrimary)::boolean is null or m.is_primary = \(query.isPrimary)::boolean)")
        return .joined(conditions, by: " and ")
    }

    private func numbered(_ condition: SQL, _ page: PageRequest, _ caller: Caller) async throws -> Page<Shown> {
        let rows = try await database.read(
            """
            select part.*, everything.total
            from (select count(*) as total from mapping m where \(sql: condition)) everything
            left join lateral (
                select \(sql: Self.columns), \(sql: DoctorStore.columns)
                from mapping m join doctor d on d.doctor_id = m.doctor_id
                where \(sql: condition) order by m.mapping_id desc limit \(page.size) offset \(page.offset)
            ) part on true
            """, as: Scope(caller))
        return Page(
            items: try rows.filter { !$0.isNull(0) }.map { try shown($0) },
            total: try rows.first?.integer(Self.columnCount + DoctorStore.columnCount) ?? 0)
    }

    /// All doctors of a patient, the primary one first, then as they were assigned.
    package func all(of patient: ID<Patient>, for caller: Caller) async throws -> [Shown] {
        try await database.read(
            """
            select \(sql: Self.columns), \(sql: DoctorStore.columns)
            from mapping m join doctor d on d.doctor_id = m.doctor_id
            where m.patient_id = \(patient) and m.owner_id = \(caller.account)
            order by m.is_primary desc, m.mapping_id
            """, as: Scope(caller)
        ).map { try shown($0) }
    }

    private func shown(_ row: Row) throws -> Shown {
        let id = try row.id(0, of: Mapping.self)
        let owner = try row.id(2, of: Account.self)
        let notes = try row.decode(5, as: [UInt8]?.self).map { sealed in
            try vault.key(row.bytes(7), of: owner).openText(sealed, at: Self.place(id))
        }
        let mapping = CareMapping(
            id: id, patient: try row.id(1), owner: owner, doctor: try row.id(3), isPrimary: try row.bool(4),
            notes: notes, assignedAt: try row.instant(6))
        return Shown(mapping: mapping, doctor: try DoctorStore.entry(row, from: Self.columnCount))
    }

    private static func place(_ id: ID<Mapping>) -> SealedPlace {
        SealedPlace(table: "mapping", row: id.description, column: "sealed_notes")
    }
}
