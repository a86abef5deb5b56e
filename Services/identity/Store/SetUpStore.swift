package import Kernel
package import Postgres

/// The link that makes the first administrator.
package struct SetUpStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Makes whoever else makes administrators wait until the transaction ends; true when there is none yet.
    package func claim(in tx: Transaction) async throws -> Bool {
        try await tx.run("select pg_advisory_xact_lock(hashtextextended('identity administrators', 0))")
        return try await tx.run(Column<Bool>("not exists (select 1 from account where role = \(Role.admin))")).one
    }

    /// Keeps a token in place of any older one.
    package func keep(_ tokenHash: [UInt8], until end: Instant, in tx: Transaction) async throws {
        try await forgetAll(in: tx)
        try await tx.run("insert into setup_token (token_hash, expires_at) values (\(tokenHash), \(end))")
    }

    /// Whether the token would make an administrator now.
    package func isGood(_ tokenHash: [UInt8], at now: Instant) async throws -> Bool {
        let isGood = Column<Bool>(
            """
            exists (select 1 from setup_token where token_hash = \(tokenHash) and expires_at > \(now)
                and not exists (select 1 from account where role = \(Role.admin)))
            """)
        return try await database.read(isGood).one
    }

    /// Takes the token; false when it allows nothing (any more).
    package func redeem(_ tokenHash: [UInt8], at now: Instant, in tx: Transaction) async throws -> Bool {
        guard try await claim(in: tx) else { return false }
        let taken = try await tx.run(
            "delete from setup_token where token_hash = \(tokenHash) and expires_at > \(now)")
        guard taken.affected == 1 else { return false }
        try await forgetAll(in: tx)
        return true
    }

    private func forgetAll(in tx: Transaction) async throws { try await tx.run("delete from setup_token") }
}
