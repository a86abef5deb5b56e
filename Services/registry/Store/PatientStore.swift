package import API
import Chassis
import Crypto
package import Kernel
package import Postgres
package import RegistryDomain

/// Patients' records. Every question names the account it is asked for, and row-level security answers for that
/// account only.
package struct PatientStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) { (self.database, self.vault) = (database, vault) }

    /// The columns `record(_:)` reads; the wrapped key rides along, so that a record is one round trip.
    static let columns: SQL = """
        p.patient_id, p.owner_id, p.sealed, p.version, p.created_at, p.updated_at, \
        (select k.wrapped from data_key k where k.owner_id = p.owner_id)
        """
    static let columnCount = 7

    package func find(_ id: ID<Patient>, for caller: Caller) async throws -> PatientRecord? {
        try await database.read(
            """
            select \(sql: Self.columns) from patient p
            where p.patient_id = \(id) and p.owner_id = \(caller.account)
            """, as: Scope(caller)
        ).first.map(record)
    }

    /// A record that nobody else can change until the transaction ends, with the key it is sealed under.
    package struct Held: Sendable {
        package let record: PatientRecord
        /// Whether it is its keeper's own, from a registration.
        package let isRegistered: Bool
        let key: DataKey
    }

    package func hold(_ id: ID<Patient>, for caller: Caller, in tx: Transaction) async throws -> Held? {
        try await tx.run(
            """
            select \(sql: Self.columns),
                exists (select 1 from patient_registration r where r.patient_id = p.patient_id)
            from patient p where p.patient_id = \(id) and p.owner_id = \(caller.account)
            for no key update of p
            """
        ).first.map {
            Held(record: try record($0), isRegistered: try $0.bool(Self.columnCount), key: try key(beside: $0))
        }
    }

    package func insert(_ record: PatientRecord, in tx: Transaction) async throws {
        let key = try await vault.key(of: record.owner, at: record.createdAt, in: tx)
        try await tx.run(
            """
            insert into patient (patient_id, owner_id, gender, sealed, grams, version, created_at, updated_at)
            values (\(record.id), \(record.owner), \(record.details.gender?.rawValue), \(try seal(record, key)),
                \(vault.tokens(of: record.details, for: record.owner)), \(record.version), \(record.createdAt),
                \(record.updatedAt))
            """)
    }

    /// Keeps what the domain made of a held record.
    package func update(_ held: Held, to record: PatientRecord, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update patient set gender = \(record.details.gender?.rawValue), sealed = \(try seal(record, held.key)),
                grams = \(vault.tokens(of: record.details, for: record.owner)), version = \(record.version),
                updated_at = \(record.updatedAt)
            where patient_id = \(record.id) and owner_id = \(record.owner) and version = \(held.record.version)
            """)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    package func remove(_ record: PatientRecord, in tx: Transaction) async throws {
        try await tx.run(
            "delete from patient where patient_id = \(record.id) and owner_id = \(record.owner)",
            refusals: ["patient_registration_record": Self.isRegistered])
    }

    package static let isRegistered = Problem.conflict(
        "This record belongs to a registered patient's account and cannot be deleted.")

    private func seal(_ record: PatientRecord, _ key: DataKey) throws -> [UInt8] {
        try key.seal(PatientDocument.bytes(of: record.details), at: Self.place(record.id, record.version))
    }

    func record(_ row: Row) throws -> PatientRecord {
        let id = try row.id(0, of: Patient.self)
        let owner = try row.id(1, of: Account.self)
        let version = try row.decode(3, as: Int64.self)
        let key = try key(beside: row)
        guard let details = PatientDocument.details(in: try key.open(row.bytes(2), at: Self.place(id, version))) else {
            throw BrokenRecord(table: "patient", row: id.description)
        }
        return PatientRecord(
            id: id, owner: owner, details: details, version: version, createdAt: try row.instant(4),
            updatedAt: try row.instant(5))
    }

    private func key(beside row: Row) throws -> DataKey { try vault.key(row.bytes(6), of: row.id(1)) }

    private static func place(_ id: ID<Patient>, _ version: Int64) -> SealedPlace {
        SealedPlace(table: "patient", row: id.description, column: "sealed", version: Int(version))
    }
}

// MARK: Lists, newest first

extension PatientStore {
    private static let order = "patients"
    /// Records opened at once while searching: a few milliseconds of the loop.
    private static let searchChunk = 200

    package func list(_ query: PatientsQuery, for caller: Caller) async throws -> Page<PatientRecord> {
        if let text = query.search, let search = PatientSearch(text) {
            return try await found(search, query, for: caller)
        }
        let condition = condition(query, caller)
        switch query.page.position {
        case .page:
            return try await numbered(condition, query.page, caller)
        case .after(let cursor):
            let rows = try await rows(condition, before: try start(cursor), atMost: query.page.size + 1, caller)
            return Page(fetched: try rows.map(record), size: query.page.size) { Self.cursor($0) }
        }
    }

    private func condition(_ query: PatientsQuery, _ caller: Caller) -> SQL {
        let own: SQL = "p.owner_id = \(caller.account)"
        guard let gender = query.gender else { return own }
        return own + " and p.gender = \(gender.rawValue)"
    }

    /// The page and the number of all, in one statement.
    private func numbered(_ condition: SQL, _ page: PageRequest, _ caller: Caller) async throws -> Page<PatientRecord> {
        let rows = try await database.read(
            """
            select part.*, everything.total
            from (select count(*) as total from patient p where \(sql: condition)) everything
            left join lateral (
                select \(sql: Self.columns) from patient p where \(sql: condition)
                order by p.patient_id desc limit \(page.size) offset \(page.offset)
            ) part on true
            """, as: Scope(caller))
        return Page(
            items: try rows.filter { !$0.isNull(0) }.map(record), total: try rows.first?.integer(Self.columnCount) ?? 0)
    }

    private func rows(
        _ condition: SQL, before: ID<Patient>?, atMost limit: Int, _ caller: Caller
    ) async throws -> Rows {
        let older: SQL = if let before { "and p.patient_id < \(before)" } else { "" }
        return try await database.read(
            """
            select \(sql: Self.columns) from patient p where \(sql: condition) \(sql: older)
            order by p.patient_id desc limit \(limit)
            """, as: Scope(caller))
    }

    private func start(_ cursor: String?) throws -> ID<Patient>? {
        try cursor.map { try Cursor<Patient>($0, order: Self.order).id }
    }

    private static func cursor(_ record: PatientRecord) -> String { Cursor(order: order, id: record.id).text }

    /// Tokens choose the candidates; each is opened and compared, so that the count is exact. For a cursor it stops
    /// when the page is full.
    private func found(_ search: PatientSearch, _ query: PatientsQuery, for caller: Caller) async throws -> Page<
        PatientRecord
    > {
        let tokens = vault.tokens(of: search, for: caller.account)
        let condition = condition(query, caller) + " and p.grams @> \(tokens)"
        var (matches, total, size) = ([PatientRecord](), 0, query.page.size)
        var (before, isByCursor): (ID<Patient>?, Bool) = (nil, false)
        if case .after(let cursor) = query.page.position { (before, isByCursor) = (try start(cursor), true) }
        if isByCursor { size += 1 }
        while !isByCursor || matches.count < size {
            let rows = try await rows(condition, before: before, atMost: Self.searchChunk, caller)
            for record in try rows.lazy.map(record) where search.matches(record.details) {
                if total >= query.page.offset, matches.count < size { matches.append(record) }
                total += 1
            }
            guard rows.count == Self.searchChunk, let last = rows.last else { break }
            before = try last.id(0)
        }
        if isByCursor { return Page(fetched: matches, size: query.page.size) { Self.cursor($0) } }
        return Page(items: matches, total: total)
    }
}
