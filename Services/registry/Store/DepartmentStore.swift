import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

/// The departments of hospitals.
package struct DepartmentStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    private static let refusals: Refusals = [
        "department_name_key": .duplicate("name", "A department with this name already exists.")
    ]

    package func insert(_ entry: DepartmentEntry, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into department (department_id, hospital_id, name, description, version, created_at, updated_at)
            values (\(entry.id), \(entry.hospital), \(entry.name), \(entry.description), \(entry.version),
                \(entry.createdAt), \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    /// One of the caller's own, locked until the transaction ends.
    package func lock(_ id: ID<Department>, for caller: Caller, in tx: Transaction) async throws -> DepartmentEntry? {
        let hospital: ID<Hospital> = caller.tenant.retyped()
        return try await tx.run(Self.row) {
            """
            select \($0) from department p
            where p.department_id = \(id) and p.hospital_id = \(hospital) and p.deleted_at is null for update
            """
        }.first
    }

    /// One of the caller's own.
    package func find(_ id: ID<Department>, for caller: Caller) async throws -> DepartmentEntry? {
        let hospital: ID<Hospital> = caller.tenant.retyped()
        return try await database.read(Self.row) {
            """
            select \($0) from department p
            where p.department_id = \(id) and p.hospital_id = \(hospital) and p.deleted_at is null
            """
        }.first
    }

    /// Whether it is there, and stays until the transaction ends: what a doctor is put into.
    package func holds(_ id: ID<Department>, in hospital: ID<Hospital>, _ tx: Transaction) async throws -> Bool {
        try await !tx.run(Column<ID<Department>>("department_id")) {
            """
            select \($0) from department
            where department_id = \(id) and hospital_id = \(hospital) and deleted_at is null for share
            """
        }.isEmpty
    }

    package func update(_ entry: DepartmentEntry, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update department set name = \(entry.name), description = \(entry.description),
                version = \(entry.version), updated_at = \(entry.updatedAt)
            where department_id = \(entry.id) and version = \(entry.version - 1)
            """, refusals: Self.refusals)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    /// Takes a locked department away: its row stays, since past visits name it. False while it has doctors.
    package func remove(_ id: ID<Department>, at now: Instant, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            """
            update department set deleted_at = \(now), updated_at = \(now), version = version + 1
            where department_id = \(id)
                and not exists (select 1 from doctor where department_id = \(id) and deleted_at is null)
            """
        ).affected == 1
    }

    /// Deleted ones too.
    package func find(all ids: [ID<Department>]) async throws -> [DepartmentEntry] {
        if ids.isEmpty { return [] }
        return try await database.read(Self.row) {
            "select \($0) from department p where p.department_id = any(\(ids))"
        }
    }

    /// By name.
    package func list(of hospital: ID<Hospital>, _ page: PageRequest) async throws -> Page<DepartmentEntry> {
        let condition: SQL = "p.hospital_id = \(hospital) and p.deleted_at is null"
        switch page.position {
        case .page:
            return try await database.page(
                Self.row, from: "department p where \(sql: condition)", by: "lower(p.name)", page)
        case .after:
            let name = try page.cursor()?.key
            let entries = try await database.read(Self.row) {
                """
                select \($0) from department p where \(sql: condition)
                    and (\(name)::text is null or lower(p.name) > lower(\(name)::text))
                order by lower(p.name) limit \(page.size + 1)
                """
            }
            return Page(fetched: entries, size: page.size) { Cursor(id: $0.id, key: $0.name).text }
        }
    }

    /// The columns of `department p`.
    private static let row = Projection(
        Column<ID<Department>>("p.department_id"), Column<ID<Hospital>>("p.hospital_id"), Column<String>("p.name"),
        Column<String?>("p.description"), Column<Instant?>("p.deleted_at"), Column<Int64>("p.version"),
        Column<Instant>("p.created_at"), Column<Instant>("p.updated_at")
    ) { id, hospital, name, description, deletedAt, version, createdAt, updatedAt in
        DepartmentEntry(
            id: id, hospital: hospital, name: name, description: description, deletedAt: deletedAt, version: version,
            createdAt: createdAt, updatedAt: updatedAt)
    }
}
