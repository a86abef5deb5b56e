package import API
import Chassis
import Crypto
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Who cares for whom, as the patients' tenant sees it.
package struct MappingStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// A mapping together with the doctor's directory entry.
    package struct Shown: Sendable {
        package let mapping: CareMapping
        package let doctor: DoctorEntry
    }

    /// A mapping as it is kept: its notes sealed, and beside them the key they are sealed under.
    private struct Sealed: Sendable {
        let id: ID<Mapping>
        let patient: ID<Patient>
        let owner: ID<Account>
        let tenant: ID<Tenant>
        let doctor: ID<Doctor>
        let isPrimary: Bool
        let notes: [UInt8]?
        let assignedAt: Instant
        let wrappedKey: [UInt8]?

        static let row = Projection(
            Column<ID<Mapping>>("m.mapping_id"), Column<ID<Patient>>("m.patient_id"),
            Column<ID<Account>>("m.owner_id"), Column<ID<Tenant>>("m.tenant_id"), Column<ID<Doctor>>("m.doctor_id"),
            Column<Bool>("m.is_primary"),
            Column<[UInt8]?>("m.sealed_notes"), Column<Instant>("m.assigned_at"),
            Column<[UInt8]?>("(select k.wrapped from data_key k where k.owner_id = m.owner_id)"), make: Sealed.init)
    }

    /// A mapping as it is kept, and its doctor.
    private struct Found: Sendable {
        let sealed: Sealed
        let doctor: DoctorEntry

        static let row = (Sealed.row + DoctorStore.row).map { Found(sealed: $0, doctor: $1) }
    }

    private static let refusals: Refusals = [
        "mapping_patient_doctor_key": CareMapping.isDuplicate,
        "mapping_one_primary": CareMapping.hasPrimary,
        // Deleted by its creator while this was under way.
        "mapping_doctor": Problem(.notFound, "Doctor not found."),
        "mapping_patient": Problem(.notFound, "Patient not found."),
        "mapping_patient_tenant": Problem(.notFound, "Patient not found."),
    ]

    /// Adds to a patient whose record is locked, so that nobody adds at the same time.
    package func insert(_ mapping: CareMapping, to patient: PatientStore.LockedRecord, in tx: Transaction) async throws
    {
        let count = try await tx.run(Column<Int>("count(*)")) {
            "select \($0) from mapping where patient_id = \(mapping.patient) and tenant_id = \(mapping.tenant)"
        }
        try CareMapping.mustHaveRoom(beside: try count.one)
        let notes = try mapping.notes.map { try patient.key.seal($0, authenticating: Self.associatedData(mapping.id)) }
        try await tx.run(
            """
            insert into mapping (mapping_id, patient_id, owner_id, tenant_id, doctor_id, is_primary, sealed_notes,
                assigned_at)
            values (\(mapping.id), \(mapping.patient), \(mapping.owner), \(mapping.tenant), \(mapping.doctor),
                \(mapping.isPrimary), \(notes), \(mapping.assignedAt))
            """, refusals: Self.refusals)
    }

    /// Removes the mapping and says which patient and doctor it joined; nil when the caller has no such mapping.
    package func remove(
        _ id: ID<Mapping>, for caller: Caller, in tx: Transaction
    ) async throws -> (patient: ID<Patient>, doctor: ID<Doctor>)? {
        try await tx.run(Projection(Column<ID<Patient>>("patient_id"), Column<ID<Doctor>>("doctor_id"))) {
            "delete from mapping where mapping_id = \(id) and tenant_id = \(caller.tenant) returning \($0)"
        }.first.map { (patient: $0, doctor: $1) }
    }

    /// The caller's mappings, newest first.
    package func list(_ query: MappingsQuery, for caller: Caller) async throws -> Page<Shown> {
        let condition = Self.condition(query, caller)
        if case .after = query.page.position { return try await following(query, condition, for: caller) }
        return try await database.page(
            Found.row, from: "mapping m join doctor d on d.doctor_id = m.doctor_id where \(sql: condition)",
            counted: "mapping m where \(sql: condition)", total: Self.total(query, caller), by: "m.mapping_id desc",
            query.page, as: Scope(caller)
        ).opened(of: "mapping", named: \.sealed.id, by: shown)
    }

    /// As the database keeps it (migration 17): a count would grow with the tenant. Nil for one patient's, who has few.
    private static func total(_ query: MappingsQuery, _ caller: Caller) -> SQL? {
        if query.patient != nil { return nil }
        return """
            (select coalesce(sum(t.mappings), 0)::bigint from mapping_tally t
                where t.tenant_id = \(caller.tenant) and t.doctor = \([query.doctor].compactMap { $0 })::uuid[]
                    and (\(query.isPrimary)::boolean is null or t.is_primary = \(query.isPrimary)::boolean))
            """
    }

    private func following(_ query: MappingsQuery, _ condition: SQL, for caller: Caller) async throws -> Page<Shown> {
        let older = try Self.older(than: query.page.cursor())
        let rows = try await database.read(Found.row, as: Scope(caller)) {
            """
            select \($0) from mapping m join doctor d on d.doctor_id = m.doctor_id
            where \(sql: condition)\(sql: older) order by m.mapping_id desc limit \(query.page.size + 1)
            """
        }
        return Page(fetched: rows, size: query.page.size) { Cursor(id: $0.sealed.id).text }
            .opened(of: "mapping", named: \.sealed.id, by: shown)
    }

    private static func older(than cursor: Cursor?) throws -> SQL {
        guard let cursor else { return "" }
        return " and m.mapping_id < \(try cursor.id(of: Mapping.self))"
    }

    private static func condition(_ query: MappingsQuery, _ caller: Caller) -> SQL {
        var conditions: [SQL] = ["m.tenant_id = \(caller.tenant)"]
        if let patient = query.patient { conditions.append("m.patient_id = \(patient)") }
        if let doctor = query.doctor { conditions.append("m.doctor_id = \(doctor)") }
        conditions.append("(\(query.isPrimary)::boolean is null or m.is_primary = \(query.isPrimary)::boolean)")
        return .joined(conditions, by: " and ")
    }

    /// All doctors of a patient, the primary one first, then as they were assigned.
    package func all(of patient: ID<Patient>, for caller: Caller) async throws -> [Shown] {
        try await database.read(Found.row, as: Scope(caller)) {
            """
            select \($0) from mapping m join doctor d on d.doctor_id = m.doctor_id
            where m.patient_id = \(patient) and m.tenant_id = \(caller.tenant)
            order by m.is_primary desc, m.mapping_id
            """
        }.opened(of: "mapping", named: \.sealed.id, by: shown)
    }

    private func shown(_ found: Found) throws -> Shown {
        let sealed = found.sealed
        var notes: String?
        if let text = sealed.notes {
            guard let key = sealed.wrappedKey else {
                throw BrokenRow("data_key", sealed.owner)
            }
            notes = try vault.accounts.key(key, of: sealed.owner).openText(
                text, authenticating: Self.associatedData(sealed.id))
        }
        let mapping = CareMapping(
            id: sealed.id, patient: sealed.patient, owner: sealed.owner, tenant: sealed.tenant,
            doctor: sealed.doctor, isPrimary: sealed.isPrimary, notes: notes, assignedAt: sealed.assignedAt)
        return Shown(mapping: mapping, doctor: found.doctor)
    }

    private static func associatedData(_ id: ID<Mapping>) -> AssociatedData {
        AssociatedData(table: "mapping", row: id.shortText, column: "sealed_notes")
    }
}
