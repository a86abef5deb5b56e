internal import Kernel
internal import Net

/// Brings one service's schema up to date, as the login of the URL, which owns what it makes. The service itself then
/// works as `settings.role`: a role that owns nothing, cannot log in and cannot bypass row-level security. Several
/// processes may migrate at once; a lock lets them take turns.
package struct Migrator: Sendable {
    private let settings: DatabaseSettings
    private let migrations: [Migration]
    private let ledger: String
    private let lock: MigrationLock

    /// - Parameters:
    ///   - ledger: the table that remembers what was applied; numbers count within it.
    ///   - lock: nil is the schema's own.
    package init(
        _ settings: DatabaseSettings, _ migrations: [Migration], ledger: String = "migration",
        lock: MigrationLock? = nil
    ) {
        precondition(DatabaseSettings.isName(ledger), "the ledger's name needs no quotes")
        self.settings = settings
        self.ledger = ledger
        self.lock = lock ?? MigrationLock(of: settings.schema)
        self.migrations = migrations.sorted { $0.number < $1.number }
    }

    /// Applies what is pending, each migration in a transaction of its own, and answers their numbers. Throws
    /// `MigrationFault`.
    package func migrate() async throws -> [Int] {
        try await blocking { session throws(MigrationFault) in
            try checkNumbers()
            let applied = try prepared(session)
            var done: [Int] = []
            for migration in migrations where applied[migration.number] == nil {
                if try apply(migration, session) { done.append(migration.number) }
            }
            return done
        }
    }

    /// Every migration known here or there, in order. Changes nothing. Throws `MigrationFault`.
    package func status() async throws -> [MigrationStatus] {
        try await blocking { session throws(MigrationFault) in
            try checkNumbers()
            return try compared(session)
        }
    }

    private func blocking<T: Sendable>(
        _ work: @escaping @Sendable (BlockingSession) throws(MigrationFault) -> T
    ) async throws -> T {
        let thread = BlockingPool(name: "migrate", threads: 1, queue: 1)
        return try await thread.run { try work(BlockingSession(settings)) }
    }

    private func checkNumbers() throws(MigrationFault) {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw .wrongNumber(migration.number)
        }
    }

    // MARK: Before the first migration

    /// Schema, role and ledger are there afterwards; what the ledger says.
    private func prepared(
        _ session: BlockingSession, tries: Int = 5
    ) throws(MigrationFault) -> [Int: MigrationStatus] {
        do {
            return try refusing {
                try lock.hold(session) {
                    try prepare(session)
                    return try verified(session)
                }
            }
        } catch {
            // Another service's migrator may have made or changed the same role in this very moment.
            guard case .refused(let refusal) = error, tries > 1,
                ["42710", "23505", "XX000"].contains(refusal.sqlState)
            else { throw error }
            return try prepared(session, tries: tries - 1)
        }
    }

    private func prepare(_ session: BlockingSession) throws {
        let schema = settings.schema
        try session.script("create schema if not exists \(schema)")
        if let role = settings.role { try prepare(role, session) }
        try session.script(
            """
            create table if not exists \(schema).\(ledger) (
                number int primary key, name text not null, sha256 bytea not null,
                applied_at timestamptz not null default now());
            """)
        if let role = settings.role { try session.script("revoke all on \(schema).\(ledger) from \(role)") }
    }

    /// Rights are given once, as defaults for what migrations create, so that a migration may take some back for good.
    private func prepare(_ role: String, _ session: BlockingSession) throws {
        let schema = settings.schema
        let statement = "create role \(role) nologin nosuperuser nobypassrls; grant \(role) to current_user;"
        do {
            let isThere = Column<Bool>("exists (select from pg_roles where rolname = \(role))")
            if try !session.run(isThere).one {
                try session.script("create role \(role) nologin nosuperuser nobypassrls")
            }
            let isMember = Column<Bool>("pg_has_role(current_user, \(role)::name, 'member')")
            if try !session.run(isMember).one { try session.script("grant \(role) to current_user") }
            try session.script(
                """
                grant usage on schema \(schema) to \(role);
                alter default privileges in schema \(schema)
                    grant select, insert, update, delete on tables to \(role);
                alter default privileges in schema \(schema) grant usage, select on sequences to \(role);
                alter default privileges in schema \(schema) grant execute on functions to \(role);
                """)
        } catch let error as DatabaseError {
            throw error.sqlState == "42501" ? MigrationFault.roleNeeded(statement: statement) : error
        }
    }

    // MARK: Each migration

    private func verified(_ session: BlockingSession) throws(MigrationFault) -> [Int: MigrationStatus] {
        var applied: [Int: MigrationStatus] = [:]
        for status in try compared(session) {
            switch status.state {
            case .edited: throw .edited(status.number, status.name)
            case .missing: throw .missing(status.number, status.name)
            case .applied: applied[status.number] = status
            case .pending: break
            }
        }
        return applied
    }

    private func compared(_ session: BlockingSession) throws(MigrationFault) -> [MigrationStatus] {
        var statuses: [MigrationStatus] = []
        var there = try applied(session)
        for migration in migrations {
            let kept = there.removeValue(forKey: migration.number)
            let state: MigrationStatus.State
            if let kept {
                let hash = try refusing { try session.run(Column<[UInt8]>("sha256(\(migration.sql)::bytea)")).one }
                state = kept.hash == hash ? .applied : .edited
            } else {
                state = .pending
            }
            statuses.append(MigrationStatus(number: migration.number, name: migration.name, state: state))
        }
        for (number, kept) in there.sorted(by: { $0.key < $1.key }) {
            statuses.append(MigrationStatus(number: number, name: kept.name, state: .missing))
        }
        return statuses
    }

    private func applied(_ session: BlockingSession) throws(MigrationFault) -> [Int: (name: String, hash: [UInt8])] {
        let row = Projection(Column<Int>("number"), Column<String>("name"), Column<[UInt8]>("sha256"))
        let rows: [(Int, String, [UInt8])] = try refusing {
            let table = "\(settings.schema).\(ledger)"
            guard try session.run(Column<Bool>("to_regclass(\(table)) is not null")).one else { return [] }
            return try session.run(row) { "select \($0) from \(sql: SQL(checked: table))" }
        }
        var applied: [Int: (name: String, hash: [UInt8])] = [:]
        for (number, name, hash) in rows { applied[number] = (name, hash) }
        return applied
    }

    /// False when another migrator applied it since this one looked.
    private func apply(_ migration: Migration, _ session: BlockingSession) throws(MigrationFault) -> Bool {
        do {
            return try lock.hold(session) {
                guard try applied(session)[migration.number] == nil else { return false }
                try session.script(String(decoding: migration.sql, as: UTF8.self))
                guard session.isInTransaction else {
                    throw MigrationFault.endsTransaction(migration.number, migration.name)
                }
                let note: SQL = "values (\(migration.number)::int, \(migration.name), sha256(\(migration.sql)::bytea))"
                let table = SQL(checked: "insert into \(settings.schema).\(ledger) (number, name, sha256) ")
                try session.run(table + note)
                return true
            }
        } catch let error as DatabaseError {
            throw .failed(migration.number, migration.name, error)
        } catch let fault as MigrationFault {
            throw fault
        } catch {
            throw .unreachable(ConnectionFault(sqlState: nil, reason: "the connection was lost"))
        }
    }

    private func refusing<T>(_ work: () throws -> T) throws(MigrationFault) -> T {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw .refused(error)
        } catch let fault as MigrationFault {
            throw fault
        } catch {
            throw .unreachable(ConnectionFault(sqlState: nil, reason: "the connection was lost"))
        }
    }
}
