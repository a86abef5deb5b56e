package import API
import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Asks the database about accounts. Identity knows nobody before they have logged in, so its questions name the
/// account instead of a caller; handlers ask only for the caller's own, or as an administrator.
package struct AccountStore: Sendable {
    let database: Database
    let vault: Vault
    let nobody: Vault.Nobody

    package init(database: Database, vault: Vault) throws {
        self.database = database
        self.vault = vault
        nobody = try vault.sealNobody()
    }

    /// Keeps a new account; false when the username is taken, and nothing was kept. With a `registrant` it waits to be
    /// confirmed.
    package func insert(
        _ account: UserAccount, passwordHash: String, awaiting registrant: ID<Registrant>? = nil, in tx: Transaction
    ) async throws -> Bool {
        let sealed = try vault.seal(account)
        let confirmedAt = registrant == nil ? account.createdAt : nil
        let inserted = try await tx.run(
            """
            insert into account (account_id, username, role, tenant_id, is_active, is_self_registered, email_index,
                wrapped_key, sealed_name, sealed_email, password_hash, created_at, updated_at, version, registrant_id,
                confirmed_at, password_generated)
            values (\(account.id), \(account.username), \(account.role.rawValue), \(account.tenant),
                \(account.isActive), \(account.isSelfRegistered), \(sealed.emailIndex), \(sealed.wrappedKey),
                \(sealed.name), \(sealed.email), \(passwordHash), \(account.createdAt), \(account.updatedAt),
                \(account.version), \(registrant), \(confirmedAt), \(account.hasGeneratedPassword))
            on conflict (lower(username)) do nothing
            """,
            refusals: ["account_email_key": AccountStore.emailTaken])
        return inserted.affected == 1
    }

    package static let emailTaken = Problem.field("email", "A user with this email already exists.")

    package static let usernameTaken = Problem.field("username", "A user with that username already exists.")

    /// What of a registration is taken already, all of it at once. The constraints decide; this only spares the
    /// hashing.
    package func taken(email: Email?, as role: Role, username: String?) async throws -> Problem? {
        let index = email.map { vault.emails.exact($0.comparable) }
        let taken = Projection(
            Column<Bool>(
                """
                exists (select 1 from account
                    where role = \(role.rawValue) and email_index = \(index) and is_self_registered
                        and confirmed_at is not null)
                """),
            Column<Bool>("exists (select 1 from account where lower(username) = \(username?.lowercased()))"))
        let (isEmailTaken, isUsernameTaken) = try await database.read(taken).one
        let faults =
            (isEmailTaken ? AccountStore.emailTaken.errors : [])
            + (isUsernameTaken ? AccountStore.usernameTaken.errors : [])
        return faults.isEmpty ? nil : .validation(faults)
    }

    package func isTaken(username: String) async throws -> Bool {
        let name = username.lowercased()
        return try await database.read(Column<Bool>("exists (select 1 from account where lower(username) = \(name))"))
            .one
    }

    package func id(of username: String) async throws -> ID<Account>? {
        try await database.read(Column<ID<Account>>("account_id")) {
            "select \($0) from account where lower(username) = \(username.lowercased())"
        }.first
    }

    package func find(_ id: ID<Account>) async throws -> UserAccount? {
        try await database.read(AccountRow.row) { "select \($0) from account where account_id = \(id)" }
            .first.map(vault.open)
    }

    /// Whether the account may log in: neither administrators nor registry shut it out. Nil of one that is not there.
    package func isAdmitted(_ id: ID<Account>) async throws -> Bool? {
        let standing = Projection(
            Column<Bool>("is_active"), Column<HospitalStanding?>("hospital_standing"), Column<Bool>("is_admitted")
        ) { isActive, hospital, isAdmitted in
            isActive && Admission(hospital: hospital, isAdmitted: isAdmitted).refusal == nil
        }
        return try await database.read(standing) {
            "select \($0) from account where account_id = \(id) and confirmed_at is not null"
        }.first
    }

    package func find(_ id: ID<Account>, in tx: Transaction) async throws -> UserAccount? {
        try await tx.run(AccountRow.row) { "select \($0) from account where account_id = \(id)" }.first.map(vault.open)
    }

    /// The same inside a transaction, and nobody else changes it until its end.
    package func lock(_ id: ID<Account>, in tx: Transaction) async throws -> UserAccount? {
        try await tx.run(AccountRow.row) { "select \($0) from account where account_id = \(id) for update" }
            .first.map(vault.open)
    }

    /// Keeps what `account` changed of itself.
    package func update(_ account: UserAccount, in tx: Transaction) async throws {
        let key = try await tx.run(Column<[UInt8]>("wrapped_key")) {
            "select \($0) from account where account_id = \(account.id)"
        }.one
        let sealed = try vault.reseal(account, wrappedKey: key)
        try await tx.run(
            """
            update account set sealed_name = \(sealed.name), sealed_email = \(sealed.email),
                email_verified_at = case when email_index = \(sealed.emailIndex) then email_verified_at end,
                email_index = \(sealed.emailIndex), is_active = \(account.isActive),
                updated_at = \(account.updatedAt), version = \(account.version)
            where account_id = \(account.id)
            """,
            refusals: ["account_email_key": AccountStore.emailTaken])
    }

    /// Notes that the account's email is proven.
    package func noteProven(_ id: ID<Account>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run("update account set email_verified_at = \(now) where account_id = \(id)")
    }
}
