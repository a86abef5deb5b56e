package import API
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// The part of accounts that proves who someone is.
extension AccountStore {
    /// An account someone may mean, with the hash their password must match.
    package struct Candidate: Sendable {
        package let account: UserAccount
        package let passwordHash: String
        /// Whose account it is, where a service has an entry for it.
        package let registrant: ID<Registrant>?
        package let isEmailVerified: Bool
        package let hasSecondFactor: Bool
        package let admission: Admission
    }

    /// Whom a typed email or username can mean: one by username; by email one per role, those who registered
    /// themselves.
    package func candidates(for identifier: String) async throws -> [Candidate] {
        let matches: SQL =
            identifier.contains("@")
            ? "email_index = any(\(indexes(of: identifier))::bytea[]) and is_self_registered"
            : "lower(username) = \(identifier.lowercased())"
        let proof = Projection(
            Column<String>("password_hash"), Column<ID<Registrant>?>("registrant_id"),
            Column<Bool>("email_verified_at is not null"), Column<Bool>("second_factor_at is not null"),
            Column<HospitalStanding?>("hospital_standing"), Column<Bool>("is_admitted"))
        let rows = try await database.read(AccountRow.row + proof) {
            """
            select \($0) from account where \(sql: matches) and confirmed_at is not null
            order by created_at limit \(Role.allCases.count)
            """
        }
        if rows.isEmpty { try vault.open(nobody) }
        return try rows.map { row, proof in
            let (passwordHash, registrant, isEmailVerified, hasSecondFactor, hospital, isAdmitted) = proof
            return Candidate(
                account: try vault.open(row), passwordHash: passwordHash, registrant: registrant,
                isEmailVerified: isEmailVerified, hasSecondFactor: hasSecondFactor,
                admission: Admission(hospital: hospital, isAdmitted: isAdmitted))
        }
    }

    /// The digests an account with the typed email may have: that of its ASCII form, and for a domain beyond ASCII that
    /// of what was typed, from which earlier releases made it.
    private func indexes(of typed: String) -> [[UInt8]] {
        guard let email = Email(typed) else { return [vault.emails.exact(typed)] }
        let index = vault.emails.exact(email.comparable)
        return email.ascii == email.text ? [index] : [index, vault.emails.exact(email.text)]
    }

    package func passwordHash(of id: ID<Account>) async throws -> String? {
        try await database.read(Column<String>("password_hash")) {
            "select \($0) from account where account_id = \(id)"
        }.first
    }

    /// Marks the login, and keeps a better hash when there is one; false when meanwhile the password was changed, the
    /// account switched off or not admitted, or a second factor set up or removed: whoever proved the old password must
    /// not come in any more.
    package func noteLogin(
        _ id: ID<Account>, proven hash: String, secondFactor: Bool = false, rehashed: String?, at now: Instant,
        in tx: Transaction
    ) async throws -> Bool {
        try await tx.run(
            """
            update account set last_login_at = \(now), password_hash = coalesce(\(rehashed), password_hash)
            where account_id = \(id) and password_hash = \(hash) and is_active
                and is_admitted and coalesce(hospital_standing, 'approved') = 'approved'
                and (second_factor_at is not null) = \(secondFactor)
            """
        ).affected == 1
    }

    /// Keeps a new password whatever the old one was, for whoever has proven who they are by other means.
    package func replacePassword(
        of id: ID<Account>, with hash: String, at now: Instant, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            update account set password_hash = \(hash), password_generated = false, updated_at = \(now),
                version = version + 1
            where account_id = \(id)
            """)
        try await forgetWhatWaits(of: id, in: tx)
    }

    /// A link that was mailed sets no password that was chosen since, and an email that was asked for before is not to
    /// become the account's: whoever asked may have had the old password.
    private func forgetWhatWaits(of id: ID<Account>, in tx: Transaction) async throws {
        try await tx.run("delete from password_reset where account_id = \(id)")
        try await tx.run("delete from email_change where account_id = \(id)")
    }

    /// Keeps a new password; false when the old one is no longer what was proven.
    package func setPassword(
        _ id: ID<Account>, to hash: String, proven old: String, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let isSet =
            try await tx.run(
                """
                update account set password_hash = \(hash), password_generated = false, updated_at = \(now),
                    version = version + 1
                where account_id = \(id) and password_hash = \(old)
                """
            ).affected == 1
        if isSet { try await forgetWhatWaits(of: id, in: tx) }
        return isSet
    }
}

extension HospitalStanding: SQLValue {}
