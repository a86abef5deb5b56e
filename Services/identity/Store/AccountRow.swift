import Crypto
import IdentityDomain
import Kernel
import Postgres
import Sealing

/// How an account lies in its row, and how it is read back.
extension Vault {
    struct SealedAccount {
        let wrappedKey: [UInt8]
        let name: [UInt8]
        let email: [UInt8]
        let emailIndex: [UInt8]
    }

    /// Sealed under a new key of the account's own.
    func seal(_ account: UserAccount) throws -> SealedAccount {
        let (key, wrapped) = try accounts.make(of: account.id)
        return try seal(account, with: key, wrapped)
    }

    /// Sealed again under the key the account has.
    func reseal(_ account: UserAccount, wrappedKey: [UInt8]) throws -> SealedAccount {
        try seal(account, with: try accounts.key(wrappedKey, of: account.id), wrappedKey)
    }

    private func seal(_ account: UserAccount, with key: DataKey, _ wrapped: [UInt8]) throws -> SealedAccount {
        SealedAccount(
            wrappedKey: wrapped,
            name: try key.seal(account.name, authenticating: Self.associatedData(account.id, "name")),
            email: try key.seal(account.email.text, authenticating: Self.associatedData(account.id, "email")),
            emailIndex: emails.exact(account.email.comparable))
    }

    /// The account a row holds.
    func open(_ row: AccountRow) throws -> UserAccount {
        let (name, email) = try opened(row.id, key: row.wrappedKey, name: row.name, email: row.email)
        return UserAccount(
            id: row.id, username: row.username, name: name, email: email, role: row.role, isActive: row.isActive,
            isSelfRegistered: row.isSelfRegistered, hasGeneratedPassword: row.hasGeneratedPassword, tenant: row.tenant,
            createdAt: row.createdAt,
            updatedAt: row.updatedAt, lastLogin: row.lastLogin, version: row.version)
    }

    private func opened(
        _ id: ID<Account>, key wrapped: [UInt8], name: [UInt8], email: [UInt8]
    ) throws -> (name: String, email: Email) {
        let key = try accounts.key(wrapped, of: id)
        let (name, text) = (
            try key.openText(name, authenticating: Self.associatedData(id, "name")),
            try key.openText(email, authenticating: Self.associatedData(id, "email"))
        )
        guard let email = Email.stored(text) else { throw BrokenRow("account", id) }
        return (name, email)
    }

    /// Somebody who is not there, sealed as an account is.
    struct Nobody {
        let id: ID<Account>
        let sealed: SealedAccount
    }

    func sealNobody() throws -> Nobody {
        let now = SystemClock().now
        guard let email = Email("nobody@example.com") else { throw BrokenRow("account", "nobody") }
        let account = UserAccount(
            id: .make(at: now), username: "nobody", name: "Nobody In Particular", email: email, role: .staff,
            createdAt: now)
        return Nobody(id: account.id, sealed: try seal(account))
    }

    /// What reading an account costs, where none was found: who waits for an answer cannot tell the two apart.
    func open(_ nobody: Nobody) throws {
        let sealed = nobody.sealed
        _ = try opened(nobody.id, key: sealed.wrappedKey, name: sealed.name, email: sealed.email)
    }

    static func associatedData(_ id: ID<Account>, _ column: String) -> AssociatedData {
        AssociatedData(table: "account", row: id.shortText, column: column)
    }
}

/// An account as it is kept: name and email sealed, beside the key they are sealed under.
struct AccountRow: Sendable {
    let id: ID<Account>
    let username: String
    let role: Role
    let tenant: ID<Tenant>?
    let isActive: Bool
    let isSelfRegistered: Bool
    let hasGeneratedPassword: Bool
    let wrappedKey: [UInt8]
    let name: [UInt8]
    let email: [UInt8]
    let createdAt: Instant
    let updatedAt: Instant
    let lastLogin: Instant?
    let version: Int64

    static let row = Projection(
        Column<ID<Account>>("account_id"), Column<String>("username"), Column<Role>("role"),
        Column<ID<Tenant>?>("tenant_id"), Column<Bool>("is_active"), Column<Bool>("is_self_registered"),
        Column<Bool>("password_generated"),
        Column<[UInt8]>("wrapped_key"), Column<[UInt8]>("sealed_name"), Column<[UInt8]>("sealed_email"),
        Column<Instant>("created_at"), Column<Instant>("updated_at"), Column<Instant?>("last_login_at"),
        Column<Int64>("version"), make: AccountRow.init)
}
