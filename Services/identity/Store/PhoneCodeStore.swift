import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Codes that prove a phone. A try is counted before it is compared, so that of many at once none goes uncounted.
package struct PhoneCodeStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    /// Replaces the previous code; today's failed tries stay counted.
    package func keep(_ code: Secret, of account: ID<Account>, until end: Instant, at now: Instant) async throws {
        let stored = OneTimeCode.stored(code, binding: Self.binding(account), key: vault.codes)
        try await database.run(
            """
            insert into phone_code (account_id, code_hash, expires_at, tries, day_tries, day_since)
            values (\(account), \(stored), \(end), 0, 0, \(now))
            on conflict (account_id) do update
                set code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0
            """)
    }

    /// What became of a try.
    package enum Trial: Sendable, Equatable {
        /// This is the code; it is still to be redeemed, and perhaps another one was faster.
        case matches
        case differs
        /// There is no code, or it has expired.
        case noCode
        /// The code was tried too often.
        case void
        /// Too many were tried today.
        case tooMany(wait: Duration)
    }

    package func compare(_ code: Secret, of account: ID<Account>, at now: Instant) async throws -> Trial {
        let dayAgo = now - PhoneCodeRules.day
        let counted = try await database.run(Column<[UInt8]>("code_hash")) {
            """
            update phone_code set tries = tries + 1,
                day_tries = case when day_since <= \(dayAgo) then 1 else day_tries + 1 end,
                day_since = case when day_since <= \(dayAgo) then \(now) else day_since end
            where account_id = \(account) and expires_at > \(now) and tries < \(PhoneCodeRules.triesPerCode)
                and (day_since <= \(dayAgo) or day_tries < \(PhoneCodeRules.triesPerDay))
            returning \($0)
            """
        }
        guard let stored = counted.first else { return try await obstacle(account, at: now) }
        let isRight = OneTimeCode.matches(code, binding: Self.binding(account), stored: stored, key: vault.codes)
        return isRight ? .matches : .differs
    }

    private func obstacle(_ account: ID<Account>, at now: Instant) async throws -> Trial {
        let row = Projection(
            Column<Instant>("expires_at"), Column<Int>("tries"), Column<Int>("day_tries"), Column<Instant>("day_since"))
        let codes = try await database.read(row) { "select \($0) from phone_code where account_id = \(account)" }
        guard let (expiresAt, tries, dayTries, daySince) = codes.first else { return .noCode }
        let rested = daySince + PhoneCodeRules.day
        if rested > now, dayTries >= PhoneCodeRules.triesPerDay { return .tooMany(wait: rested - now) }
        guard expiresAt > now else { return .noCode }
        return tries >= PhoneCodeRules.triesPerCode ? .void : .noCode
    }

    /// Takes the code and notes the phone as proven; false when it was taken or replaced meanwhile.
    package func redeem(
        _ code: Secret, of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let stored = OneTimeCode.stored(code, binding: Self.binding(account), key: vault.codes)
        return try await tx.run(
            """
            with taken as (
                delete from phone_code where account_id = \(account) and code_hash = \(stored) returning account_id
            )
            update account set phone_verified_at = \(now) where account_id in (select account_id from taken)
                and phone_verified_at is null
            """
        ).affected == 1
    }

    /// Forgets codes that prove and limit nothing any more; some at a time.
    package func forget(before now: Instant) async throws {
        try await database.run(
            """
            delete from phone_code where account_id in (
                select account_id from phone_code where expires_at < \(now - PhoneCodeRules.day) limit 1000)
            """)
    }

    private static func binding(_ account: ID<Account>) -> String { "phone of account/\(account)" }
}
