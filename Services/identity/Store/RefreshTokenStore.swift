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
        package let family: SessionFamily
        package let token: SessionFamily.Token
        package let sealedAnswer: [UInt8]?
    }

    package func presented(_ hash: [UInt8]) async throws -> Presented? {
        try await database.read(
            """
            select s.session_id, s.account_id, a.role, a.tenant_id, a.is_active, s.started_at, s.ended_at,
                t.expires_at, t.used_at, next.used_at is not null, t.sealed_answer,
                a.second_factor_at is not null
            from refresh_token t
            join session s using (session_id)
            join account a using (account_id)
            left join refresh_token next on next.token_hash = t.successor_hash
            where t.token_hash = \(hash)
            """
        ).first.map { row in
            guard let role = Role(rawValue: try row.text(2)) else { throw BrokenRow(id: try row.id(1)) }
            return Presented(
                session: try row.id(0), account: try row.id(1), role: role, tenant: try row.optionalID(3),
                isAccountActive: try row.bool(4), hasSecondFactor: try row.bool(11),
                family: SessionFamily(startedAt: try row.instant(5), endedAt: try row.optionalInstant(6)),
                token: SessionFamily.Token(
                    expiresAt: try row.instant(7), usedAt: try row.optionalInstant(8),
                    isSuccessorUsed: try row.bool(9)),
                sealedAnswer: try row.decode(10))
        }
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
            returning 1
            """
        ).count == 1
    }
}
