import API
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
    /// Tenants of which enough patients may wait for a batch of tokens.
    package let tokenBatches = TokenBatches()

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// A record as it is kept, sealed under its owner's key.
    struct Sealed: Sendable {
        let id: ID<Patient>
        let owner: ID<Account>
        let tenant: ID<Tenant>
        let details: [UInt8]
        let version: Int64
        let createdAt: Instant
        let updatedAt: Instant
    }

    /// The columns of `patient p`.
    static let row = Projection(
        Column<ID<Patient>>("p.patient_id"), Column<ID<Account>>("p.owner_id"), Column<ID<Tenant>>("p.tenant_id"),
        Column<[UInt8]>("p.sealed"),
        Column<Int64>("p.version"), Column<Instant>("p.created_at"), Column<Instant>("p.updated_at"), make: Sealed.init)

    /// The wrapped form of the key that a row of `patient p` is sealed under.
    static let wrappedKey = Column<[UInt8]>("(select k.wrapped from data_key k where k.owner_id = p.owner_id)")

    package func find(_ id: ID<Patient>, for caller: Caller) async throws -> PatientRecord? {
        try await find(id, for: caller, as: record)
    }

    /// - Parameter read: what is made of the record as it is kept and of what was sealed in it.
    func find<Read>(
        _ id: ID<Patient>, for caller: Caller, as read: (Sealed, [UInt8]) throws -> Read
    ) async throws -> Read? {
        let scope = Scope(caller)
        let rows = try await database.read(Self.row, as: scope) {
            "select \($0) from patient p where p.patient_id = \(id) and p.tenant_id = \(caller.tenant)"
        }
        guard let row = rows.first else { return nil }
        do {
            return try read(row, plain(row, with: await keys(of: rows, as: scope)))
        } catch is CryptoFault {
            return try read(row, plain(row, with: await keys(of: rows, as: scope, anew: true)))
        }
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
        let found = try await tx.run(Self.row + Self.wrappedKey + isRegistered) {
            """
            select \($0) from patient p where p.patient_id = \(id) and p.tenant_id = \(caller.tenant)
            for no key update of p
            """
        }.first
        guard let ((sealed, wrapped), isRegistered) = found else { return nil }
        let key = try vault.accounts.key(wrapped, of: sealed.owner)
        return LockedRecord(record: try open(sealed, with: key), isRegistered: isRegistered, key: key)
    }

    /// With a key that is remembered the record is sent without an answer being awaited. If another key has taken its
    /// place, the transaction fails as one that lost against another (migration 16), and runs again without it.
    package func insert(_ record: PatientRecord, in tx: Transaction) async throws {
        if let kept = vault.accounts.remembered(of: record.owner) {
            tx.send(try insertion(of: record, under: kept)) { [vault] in vault.accounts.forget(record.owner) }
        } else {
            let kept = try await vault.accounts.key(of: record.owner, in: record.tenant, at: record.createdAt, in: tx)
            try await tx.run(insertion(of: record, under: kept))
        }
        if TokenBatches.isLooked(after: record.id) {
            tx.afterCommit { [tokenBatches] in tokenBatches.look(at: record.tenant) }
        }
    }

    private func insertion(of record: PatientRecord, under kept: KeptKey) throws -> SQL {
        let texts = SearchedTexts(of: record.details)
        return """
            with kept as (
                insert into patient (patient_id, owner_id, tenant_id, gender, sealed, grams, version, created_at,
                    updated_at)
                values (\(record.id), coalesce(
                        (select k.owner_id from data_key k
                            where k.owner_id = \(record.owner) and k.wrapped = \(kept.wrapped)),
                        data_key_changed()),
                    \(record.tenant), \(record.details.gender?.rawValue), \(try seal(record, kept.key)),
                    \(Vault.searchRule), \(record.version), \(record.createdAt), \(record.updatedAt))
                returning patient_id, tenant_id, owner_id)
            insert into patient_search (patient_id, tenant_id, tokens, owner_id, texts)
            select patient_id, tenant_id, \(vault.tokens(of: record.details, texts, for: record.tenant)), owner_id,
                \(try SearchTextsCell(of: record.tenant).seal(texts, of: record.id, under: kept.key))
            from kept
            """
    }

    /// Keeps what the domain made of a locked record.
    package func update(_ locked: LockedRecord, to record: PatientRecord, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update patient set gender = \(record.details.gender?.rawValue), sealed = \(try seal(record, locked.key)),
                grams = \(Vault.searchRule), version = \(record.version), updated_at = \(record.updatedAt)
            where patient_id = \(record.id) and tenant_id = \(record.tenant) and version = \(locked.record.version)
            """)
        if rows.affected != 1 { throw Problem.preconditionFailed }
        let hasOtherTexts = SearchedTexts(of: record.details) != SearchedTexts(of: locked.record.details)
        try await keepSearched(record, under: locked.key, hasOtherTexts: hasOtherTexts, in: tx)
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

    func open(_ sealed: Sealed, with key: DataKey) throws -> PatientRecord {
        try record(sealed, try plain(sealed, key))
    }

    private func plain(_ sealed: Sealed, _ key: DataKey) throws -> [UInt8] {
        try key.open(sealed.details, authenticating: Self.associatedData(sealed.id, sealed.version))
    }

    /// - Parameter plain: what was sealed.
    func record(_ sealed: Sealed, _ plain: [UInt8]) throws -> PatientRecord {
        guard let details = PatientDocument.details(in: plain) else { throw BrokenRow("patient", sealed.id) }
        return PatientRecord(
            id: sealed.id, owner: sealed.owner, tenant: sealed.tenant, details: details, version: sealed.version,
            createdAt: sealed.createdAt, updatedAt: sealed.updatedAt)
    }

    /// - Parameter plain: what was sealed.
    func view(_ sealed: Sealed, _ plain: [UInt8]) throws -> PatientView {
        guard let texts = PatientDocument.texts(in: plain) else { return PatientView(try record(sealed, plain)) }
        return PatientView(id: sealed.id, texts: texts, createdAt: sealed.createdAt, updatedAt: sealed.updatedAt)
    }

    /// The rows of a list, opened with the keys that are remembered and read by `read`. Where one does not fit, all are
    /// read again; what cannot be opened then is left out.
    func open<Opened>(
        _ rows: [Sealed], as scope: Scope, _ read: (Sealed, [UInt8]) throws -> Opened
    ) async throws -> [Opened] {
        let remembered = try await keys(of: rows, as: scope)
        let opened = rows.compactMap { try? read($0, plain($0, with: remembered)) }
        if opened.count == rows.count { return opened }
        let kept = try await keys(of: rows, as: scope, anew: true)
        return rows.opened(of: "patient", named: { $0.id }, by: { try read($0, plain($0, with: kept)) })
    }

    private func keys(of rows: [Sealed], as scope: Scope, anew: Bool = false) async throws -> [ID<Account>: DataKey] {
        try await vault.accounts.keys(of: Set(rows.map { $0.owner }), in: database, as: scope, anew: anew)
    }

    private func plain(_ row: Sealed, with keys: [ID<Account>: DataKey]) throws -> [UInt8] {
        guard let key = keys[row.owner] else { throw BrokenRow("data_key", row.owner) }
        return try plain(row, key)
    }

    private static func associatedData(_ id: ID<Patient>, _ version: Int64) -> AssociatedData {
        AssociatedData(table: "patient", row: id.shortText, column: "sealed", version: Int(version))
    }
}

// MARK: Lists, newest first

extension PatientStore {
    /// - Parameter read: what is made of a record as it is kept and of what was sealed in it.
    func list<Read: Sendable>(
        _ query: PatientsQuery, for caller: Caller, as read: (Sealed, [UInt8]) throws -> Read
    ) async throws -> Page<Read> {
        if let text = query.search, let search = PatientSearch(text) {
            return try await found(search, query, for: caller, as: read)
        }
        let condition = condition(query, caller)
        switch query.page.position {
        case .page:
            let page = try await database.page(
                Self.row, from: "patient p where \(sql: condition)", total: Self.total(query, caller),
                by: "p.patient_id desc", query.page, as: Scope(caller), plan: .generic)
            return try await opened(page, caller, read)
        case .after:
            let rows = try await rows(condition, before: try start(query.page), atMost: query.page.size + 1, caller)
            return try await opened(Page(fetched: rows, size: query.page.size) { Self.cursor($0.id) }, caller, read)
        }
    }

    /// As the database keeps it (migration 9): a count would grow with the tenant.
    private static func total(_ query: PatientsQuery, _ caller: Caller) -> SQL {
        let gender: SQL = if let gender = query.gender { " and t.gender = \(gender.rawValue)" } else { "" }
        return """
            (select coalesce(sum(t.patients), 0)::bigint from patient_tally t
                where t.tenant_id = \(caller.tenant)\(sql: gender))
            """
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

    func start(_ page: PageRequest) throws(Problem) -> ID<Patient>? {
        try page.cursor()?.id()
    }

    static func cursor(_ id: ID<Patient>) -> String { Cursor(id: id).text }

    /// Rows that cannot be opened count in the total, and the cursor is that of the rows.
    private func opened<Read: Sendable>(
        _ page: Page<Sealed>, _ caller: Caller, _ read: (Sealed, [UInt8]) throws -> Read
    ) async throws -> Page<Read> {
        Page(items: try await open(page.items, as: Scope(caller), read), total: page.total, nextCursor: page.nextCursor)
    }
}
