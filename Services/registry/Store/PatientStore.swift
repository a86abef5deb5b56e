package import API
import Chassis
import Crypto
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Patients' records. Every question names the caller it is asked for, and row-level security answers for that caller's
/// tenant only.
package struct PatientStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// A record as it is kept; the key it is sealed under rides along, so that a record is one round trip.
    struct Sealed: Sendable {
        let id: ID<Patient>
        let owner: ID<Account>
        let tenant: ID<Tenant>
        let details: [UInt8]
        let version: Int64
        let createdAt: Instant
        let updatedAt: Instant
        let wrappedKey: [UInt8]
    }

    /// The columns of `patient p`.
    static let row = Projection(
        Column<ID<Patient>>("p.patient_id"), Column<ID<Account>>("p.owner_id"), Column<ID<Tenant>>("p.tenant_id"),
        Column<[UInt8]>("p.sealed"),
        Column<Int64>("p.version"), Column<Instant>("p.created_at"), Column<Instant>("p.updated_at"),
        Column<[UInt8]>("(select k.wrapped from data_key k where k.owner_id = p.owner_id)"), make: Sealed.init)

    package func find(_ id: ID<Patient>, for caller: Caller) async throws -> PatientRecord? {
        try await database.read(Self.row, as: Scope(caller)) {
            "select \($0) from patient p where p.patient_id = \(id) and p.tenant_id = \(caller.tenant)"
        }.first.map(open)
    }

    /// A record that nobody else can change until the transaction ends, with the key it is sealed under.
    package struct LockedRecord: Sendable {
        package let record: PatientRecord
        /// Whether it is its keeper's own, from a registration.
        package let isRegistered: Bool
        let key: DataKey
    }

    package func lock(_ id: ID<Patient>, for caller: Caller, in tx: Transaction) async throws -> LockedRecord? {
        let isRegistered = Column<Bool>(
            "exists (select 1 from patient_registration r where r.patient_id = p.patient_id)")
        return try await tx.run(Self.row + isRegistered) {
            """
            select \($0) from patient p where p.patient_id = \(id) and p.tenant_id = \(caller.tenant)
            for no key update of p
            """
        }.first.map { sealed, isRegistered in
            LockedRecord(record: try open(sealed), isRegistered: isRegistered, key: try key(of: sealed))
        }
    }

    package func insert(_ record: PatientRecord, in tx: Transaction) async throws {
        let key = try await vault.accounts.key(of: record.owner, in: record.tenant, at: record.createdAt, in: tx)
        try await tx.run(
            """
            insert into patient (patient_id, owner_id, tenant_id, gender, sealed, grams, version, created_at,
                updated_at)
            values (\(record.id), \(record.owner), \(record.tenant), \(record.details.gender?.rawValue),
                \(try seal(record, key)), \(vault.tokens(of: record.details, for: record.tenant)), \(record.version),
                \(record.createdAt), \(record.updatedAt))
            """)
    }

    /// Keeps what the domain made of a locked record.
    package func update(_ locked: LockedRecord, to record: PatientRecord, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update patient set gender = \(record.details.gender?.rawValue), sealed = \(try seal(record, locked.key)),
                grams = \(vault.tokens(of: record.details, for: record.tenant)), version = \(record.version),
                updated_at = \(record.updatedAt)
            where patient_id = \(record.id) and tenant_id = \(record.tenant) and version = \(locked.record.version)
            """)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    package func remove(_ record: PatientRecord, in tx: Transaction) async throws {
        try await tx.run(
            "delete from patient where patient_id = \(record.id) and tenant_id = \(record.tenant)",
            refusals: ["patient_registration_record": Self.isRegistered])
    }

    package static let isRegistered = Problem.conflict(
        "This record belongs to a registered patient's account and cannot be deleted.")

    private func seal(_ record: PatientRecord, _ key: DataKey) throws -> [UInt8] {
        try key.seal(
            PatientDocument.bytes(of: record.details), authenticating: Self.associatedData(record.id, record.version))
    }

    func open(_ sealed: Sealed) throws -> PatientRecord {
        let associatedData = Self.associatedData(sealed.id, sealed.version)
        guard
            let details = PatientDocument.details(
                in: try key(of: sealed).open(sealed.details, authenticating: associatedData))
        else {
            throw BrokenRow("patient", sealed.id)
        }
        return PatientRecord(
            id: sealed.id, owner: sealed.owner, tenant: sealed.tenant, details: details, version: sealed.version,
            createdAt: sealed.createdAt, updatedAt: sealed.updatedAt)
    }

    private func key(of sealed: Sealed) throws -> DataKey {
        try vault.accounts.key(sealed.wrappedKey, of: sealed.owner)
    }

    private static func associatedData(_ id: ID<Patient>, _ version: Int64) -> AssociatedData {
        AssociatedData(table: "patient", row: id.description, column: "sealed", version: Int(version))
    }
}

// MARK: Lists, newest first

extension PatientStore {
    /// Records opened at once while searching: a few milliseconds of the loop.
    private static let searchChunk = 200

    package func list(_ query: PatientsQuery, for caller: Caller) async throws -> Page<PatientRecord> {
        if let text = query.search, let search = PatientSearch(text) {
            return try await found(search, query, for: caller)
        }
        let condition = condition(query, caller)
        switch query.page.position {
        case .page:
            return try await database.page(
                Self.row, from: "patient p where \(sql: condition)", by: "p.patient_id desc", query.page,
                as: Scope(caller)
            ).opened(of: "patient", named: \.id, by: open)
        case .after:
            let rows = try await rows(condition, before: try start(query.page), atMost: query.page.size + 1, caller)
            return Page(fetched: rows, size: query.page.size) { Self.cursor($0.id) }
                .opened(of: "patient", named: \.id, by: open)
        }
    }

    private func condition(_ query: PatientsQuery, _ caller: Caller) -> SQL {
        let own: SQL = "p.tenant_id = \(caller.tenant)"
        guard let gender = query.gender else { return own }
        return own + " and p.gender = \(gender.rawValue)"
    }

    private func rows(
        _ condition: SQL, before: ID<Patient>?, atMost limit: Int, _ caller: Caller
    ) async throws -> [Sealed] {
        let older: SQL = if let before { "and p.patient_id < \(before)" } else { "" }
        return try await database.read(Self.row, as: Scope(caller)) {
            """
            select \($0) from patient p where \(sql: condition) \(sql: older)
            order by p.patient_id desc limit \(limit)
            """
        }
    }

    private func start(_ page: PageRequest) throws(Problem) -> ID<Patient>? {
        try page.cursor()?.id()
    }

    private static func cursor(_ id: ID<Patient>) -> String { Cursor(id: id).text }

    /// Tokens choose the candidates, and every row whose tokens an older rule made is one; each is opened and
    /// compared, so that the count is exact. For a cursor it stops when the page is full.
    private func found(_ search: PatientSearch, _ query: PatientsQuery, for caller: Caller) async throws -> Page<
        PatientRecord
    > {
        let tokens = vault.tokens(of: search, for: caller.tenant)
        let condition = condition(query, caller) + " and (p.grams @> \(tokens) or \(sql: Self.isOfOlderRule))"
        var (matches, total, size) = ([PatientRecord](), 0, query.page.size)
        var before = try start(query.page)
        var isByCursor = false
        if case .after = query.page.position { isByCursor = true }
        if isByCursor { size += 1 }
        while !isByCursor || matches.count < size {
            let rows = try await rows(condition, before: before, atMost: Self.searchChunk, caller)
            for record in rows.opened(of: "patient", named: \.id, by: open) where search.matches(record.details) {
                if total >= query.page.offset, matches.count < size { matches.append(record) }
                total += 1
            }
            guard rows.count == Self.searchChunk, let last = rows.last else { break }
            before = last.id
        }
        if isByCursor { return Page(fetched: matches, size: query.page.size) { Self.cursor($0.id) } }
        return Page(items: matches, total: total)
    }
}
