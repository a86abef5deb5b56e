package import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

/// A hospital's doctors: entries of the directory, asked for by the hospital that made them.
package struct HospitalDoctorStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Whether another doctor of the hospital has the licence. The constraint decides; this spares the hashing.
    package func isTaken(license: String, at hospital: ID<Hospital>) async throws -> Bool {
        try await database.read(
            Column<Bool>(
                """
                exists (select 1 from doctor where hospital_id = \(hospital)
                    and upper(license_number) = \(license.uppercased()) and deleted_at is null)
                """)
        ).one
    }

    /// One of the caller's own, locked against every other change until the transaction ends.
    package func lock(_ id: ID<Doctor>, for caller: Caller, in tx: Transaction) async throws -> DoctorEntry? {
        let hospital: ID<Hospital> = caller.tenant.retyped()
        return try await tx.run(DoctorStore.row) {
            """
            select \($0) from doctor d
            where d.doctor_id = \(id) and d.hospital_id = \(hospital) and d.deleted_at is null
            for no key update of d
            """
        }.first
    }

    /// Deleted ones too: past visits name them.
    package func find(all ids: [ID<Doctor>]) async throws -> [DoctorEntry] {
        if ids.isEmpty { return [] }
        return try await database.read(DoctorStore.row) {
            "select \($0) from doctor d where d.doctor_id = any(\(ids))"
        }
    }

    /// Deleted ones too.
    package func find(having accounts: [ID<Account>]) async throws -> [DoctorEntry] {
        if accounts.isEmpty { return [] }
        return try await database.read(DoctorStore.row) {
            "select \($0) from doctor d where d.account_id = any(\(accounts))"
        }
    }

    package func find(of account: ID<Account>) async throws -> DoctorEntry? {
        try await database.read(DoctorStore.row) {
            "select \($0) from doctor d where d.account_id = \(account) and d.deleted_at is null"
        }.first
    }

    /// Takes all doctors of a deleted hospital out of the directory.
    package func removeAll(of hospital: ID<Hospital>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run(
            """
            update doctor set deleted_at = \(now), version = version + 1, updated_at = \(now)
            where hospital_id = \(hospital) and deleted_at is null
            """)
    }

    /// Keeps what identity told of an account; of one without an entry here, nothing.
    package func note(
        isActive: Bool, version: Int64, of account: ID<Account>, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            update doctor set account_active = \(isActive)::boolean, account_version = \(version),
                version = version + (account_active <> \(isActive)::boolean)::integer
            where account_id = \(account) and account_version <= \(version)
            """)
    }

    /// By name.
    package func list(_ query: HospitalDoctorsQuery, for caller: Caller) async throws -> Page<DoctorEntry> {
        let condition = Self.condition(query, caller)
        let order: SQL = "lower(d.last_name), lower(d.first_name), d.doctor_id"
        switch query.page.position {
        case .page:
            return try await database.page(
                DoctorStore.row, from: "doctor d where \(sql: condition)", by: order, query.page, as: Scope(caller))
        case .after:
            let further = try Self.further(query.page)
            let entries = try await database.read(DoctorStore.row, as: Scope(caller)) {
                """
                select \($0) from doctor d where \(sql: condition)\(sql: further)
                order by \(sql: order) limit \(query.page.size + 1)
                """
            }
            return Page(fetched: entries, size: query.page.size) { Cursor(id: $0.id).text }
        }
    }

    private static func condition(_ query: HospitalDoctorsQuery, _ caller: Caller) -> SQL {
        let hospital: ID<Hospital> = caller.tenant.retyped()
        var conditions: [SQL] = ["d.hospital_id = \(hospital) and d.deleted_at is null"]
        if let department = query.department { conditions.append("d.department_id = \(department)") }
        if let isActive = query.isActive {
            conditions.append("d.is_listed = \(isActive)::boolean")
        }
        for word in SearchText.words(of: query.search ?? "") {
            conditions.append("d.search_text like \(DoctorStore.pattern(word))")
        }
        return .joined(conditions, by: " and ")
    }

    /// Behind the entry that the cursor names, wherever its name has moved it meanwhile.
    private static func further(_ page: PageRequest) throws(Problem) -> SQL {
        guard let id = try page.cursor()?.id(of: Doctor.self) else { return "" }
        return """
             and (lower(d.last_name), lower(d.first_name), d.doctor_id) > (
                select lower(c.last_name), lower(c.first_name), c.doctor_id from doctor c where c.doctor_id = \(id))
            """
    }
}
