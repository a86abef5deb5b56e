import Crypto
package import IdentityDomain
package import Kernel
import Postgres

/// Refresh tokens: kept as hashes, exchanged by one atomic statement.
extension SessionStore {
    /// A token someone presents, and what it belongs to.
    package struct Presented: Sendable {
        package let session: ID<Session>
        package let account: ID<Account>
        package let role: Role
        package let tenant: ID<Tenant>?
        package let isAccountActive: Bool
        package let hasSecondFactor: Bool
        package let hasGeneratedPassword: Bool
        package let family: SessionFamily
        package let token: SessionFamily.Token
        package let sealedAnswer: [UInt8]?
    }

    package func presented(_ hash: [UInt8]) async throws -> Presented? {
        try await database.read(Self.presentedRow) {
            """
            select \($0) from refresh_token t
            join session s using (session_id)
            join account a using (account_id)
            left join refresh_token next on next.token_hash = t.successor_hash
            where t.token_hash = \(hash)
            """
        }.first
    }

    private static let presentedRow = Projection(
        Column<ID<Session>>("s.session_id"), Column<ID<Account>>("s.account_id"), Column<Role>("a.role"),
        Column<ID<Tenant>?>("a.tenant_id"), Column<Bool>("a.is_active"), Column<Bool>("a.second_factor_at is not null"),
        Column<Bool>("a.password_generated"),
        Column<Instant>("s.started_at"), Column<Instant?>("s.ended_at"), Column<Instant>("t.expires_at"),
        Column<Instant?>("t.used_at"), Column<Bool>("next.used_at is not null"), Column<[UInt8]?>("t.sealed_answer")
    ) {
        session, account, role, tenant, isAccountActive, hasSecondFactor, hasGeneratedPassword, startedAt, endedAt,
        expiresAt, usedAt, isSuccessorUsed, sealedAnswer in
        Presented(
            session: session, account: account, role: role, tenant: tenant, isAccountActive: isAccountActive,
            hasSecondFactor: hasSecondFactor, hasGeneratedPassword: hasGeneratedPassword,
            family: SessionFamily(startedAt: startedAt, endedAt: endedAt),
            token: SessionFamily.Token(expiresAt: expiresAt, usedAt: usedAt, isSuccessorUsed: isSuccessorUsed),
            sealedAnswer: sealedAnswer)
    }

    /// One token for the next.
    package struct Exchange: Sendable {
        package let token: [UInt8]
        package let successor: [UInt8]
        package let successorExpiresAt: Instant
        package let sealedAnswer: [UInt8]
    }

    /// The exchange, decided here and nowhere else: of many who present the same token at once, one gets true. Whoever
    /// ended the session meanwhile wins over all of them.
    package func exchange(_ wanted: Exchange, at now: Instant) async throws -> Bool {
        try await database.run(
            """
            with living as (
                update session s set last_used_at = \(now), expires_at = \(wanted.successorExpiresAt)
                from refresh_token t
                where t.token_hash = \(wanted.token) and t.used_at is null and s.session_id = t.session_id
                    and s.ended_at is null
                returning s.session_id
            ), used as (
                update refresh_token t
                set used_at = \(now), successor_hash = \(wanted.successor), sealed_answer = \(wanted.sealedAnswer)
                from living
                where t.token_hash = \(wanted.token) and t.session_id = living.session_id and t.used_at is null
                returning t.session_id
            )
            insert into refresh_token (token_hash, session_id, expires_at)
            select \(wanted.successor), session_id, \(wanted.successorExpiresAt) from used
            """
        ).affected == 1
    }
}
