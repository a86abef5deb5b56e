import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Asks the database about sessions: where people are logged in, and how that ends.
package struct SessionStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// A session that begins, with its first refresh token.
    package struct Opening: Sendable {
        package let id: ID<Session>
        package let account: ID<Account>
        package let device: String
        package let address: String
        package let startedAt: Instant
        package let expiresAt: Instant
        package let tokenHash: [UInt8]
    }

    /// Why a session ended, as its row and its event say it.
    package enum EndReason: String, Sendable {
        case logout, logoutAll = "logout_all", endedByOwner = "ended_by_owner", tokenReused = "token_reused"
        case passwordChanged = "password_changed", accountDeactivated = "account_deactivated"
        /// Registry decided so about the hospital, or the hospital about its doctor.
        case notAdmitted = "not_admitted"
    }

    package func open(_ session: Opening, in tx: Transaction) async throws {
        let device = try vault.sessions.seal(
            session.device, authenticating: SessionStore.associatedData(session.id, "device"))
        let address = try vault.sessions.seal(
            session.address, authenticating: SessionStore.associatedData(session.id, "address"))
        try await tx.run(
            """
            with opened as (
                insert into session (session_id, account_id, sealed_device, sealed_address, started_at, last_used_at,
                    expires_at)
                values (\(session.id), \(session.account), \(device), \(address), \(session.startedAt),
                    \(session.startedAt), \(session.expiresAt))
                returning session_id, expires_at
            )
            insert into refresh_token (token_hash, session_id, expires_at)
            select \(session.tokenHash), session_id, expires_at from opened
            """)
    }

    /// Ends one session of the account; false when there is no such session that lives.
    package func end(
        _ id: ID<Session>, of account: ID<Account>, because reason: EndReason, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        try await tx.run(
            """
            update session set ended_at = \(now), end_reason = \(reason.rawValue)
            where session_id = \(id) and account_id = \(account) and ended_at is null
            """
        ).affected == 1
    }

    /// Ends all sessions of the account but one; answers those that ended and were not over already.
    package func endAll(
        of account: ID<Account>, except kept: ID<Session>? = nil, because reason: EndReason, at now: Instant,
        in tx: Transaction
    ) async throws -> [ID<Session>] {
        try await tx.run(Column<ID<Session>>("session_id")) {
            """
            update session set ended_at = \(now), end_reason = \(reason.rawValue)
            where account_id = \(account) and ended_at is null and session_id is distinct from \(kept)::uuid
            returning \($0)
            """
        }
    }

    /// Ends all sessions of several accounts; answers those that ended, by account.
    package func endAll(
        of accounts: [ID<Account>], because reason: EndReason, at now: Instant, in tx: Transaction
    ) async throws -> [ID<Account>: [ID<Session>]] {
        if accounts.isEmpty { return [:] }
        let ended = try await tx.run(Projection(Column<ID<Account>>("account_id"), Column<ID<Session>>("session_id"))) {
            """
            update session set ended_at = \(now), end_reason = \(reason.rawValue)
            where account_id = any(\(accounts)) and ended_at is null
            returning \($0)
            """
        }
        return Dictionary(grouping: ended, by: { $0.0 }).mapValues { $0.map { $0.1 } }
    }

    /// A session as its owner sees it.
    package struct Listed: Sendable {
        package let id: ID<Session>
        package let device: String
        package let address: String
        package let startedAt: Instant
        package let lastUsedAt: Instant
        package let expiresAt: Instant
    }

    /// The living sessions of the account, the last used first.
    package func live(of account: ID<Account>, at now: Instant) async throws -> [Listed] {
        let row = Projection(
            Column<ID<Session>>("session_id"), Column<[UInt8]>("sealed_device"), Column<[UInt8]>("sealed_address"),
            Column<Instant>("started_at"), Column<Instant>("last_used_at"), Column<Instant>("expires_at"))
        return try await database.read(row) {
            """
            select \($0) from session
            where account_id = \(account) and ended_at is null and expires_at > \(now)
            order by last_used_at desc limit 500
            """
        }.map { id, device, address, startedAt, lastUsedAt, expiresAt in
            Listed(
                id: id,
                device: try vault.sessions.openText(device, authenticating: SessionStore.associatedData(id, "device")),
                address: try vault.sessions.openText(
                    address, authenticating: SessionStore.associatedData(id, "address")),
                startedAt: startedAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt)
        }
    }

    /// Sessions that ended after `since`, the earliest first.
    package func ended(since: Instant) async throws -> [(session: ID<Session>, at: Instant)] {
        try await database.read(Projection(Column<ID<Session>>("session_id"), Column<Instant>("ended_at"))) {
            "select \($0) from session where ended_at > \(since) order by ended_at"
        }.map { (session: $0, at: $1) }
    }

    /// Forgets sessions that ended or expired before `then`, with their tokens; a bounded number at a time.
    package func forget(before then: Instant) async throws -> Int {
        try await database.run(
            """
            delete from session where session_id in (
                select session_id from session where expires_at < \(then) or ended_at < \(then) limit 1000)
            """
        ).affected
    }

    private static func associatedData(_ id: ID<Session>, _ column: String) -> AssociatedData {
        AssociatedData(table: "session", row: id.shortText, column: column)
    }
}
