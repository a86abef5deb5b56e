import Crypto
import IdentityDomain
import Kernel
import Postgres

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
        let (key, wrapped) = try sealer.makeKey(for: Self.owner(account.id))
        return try seal(account, with: key, wrapped)
    }

    /// Sealed again under the key the account has.
    func reseal(_ account: UserAccount, wrappedKey: [UInt8]) throws -> SealedAccount {
        try seal(account, with: try sealer.unwrap(wrappedKey, for: Self.owner(account.id)), wrappedKey)
    }

    private func seal(_ account: UserAccount, with key: DataKey, _ wrapped: [UInt8]) throws -> SealedAccount {
        SealedAccount(
            wrappedKey: wrapped,
            name: try key.seal(account.name, at: Self.place(account.id, "name")),
            email: try key.seal(account.email.text, at: Self.place(account.id, "email")),
            emailIndex: emails.exact(account.email.comparable))
    }

    static let accountColumns: SQL = """
        account_id, username, role, tenant_id, is_active, is_self_registered, wrapped_key, sealed_name, sealed_email, \
        created_at, updated_at, last_login_at, version
        """

    /// Reads `accountColumns`, in their order.
    func account(_ row: Row) throws -> UserAccount {
        let id = try row.id(0, of: Account.self)
        let (name, email) = try opened(id, key: try row.bytes(6), name: try row.bytes(7), email: try row.bytes(8))
        guard let role = Role(rawValue: try row.text(2)) else { throw BrokenRow(id: id) }
        return UserAccount(
            id: id, username: try row.text(1), name: name, email: email, role: role, isActive: try row.bool(4),
            isSelfRegistered: try row.bool(5),
            tenant: try row.optionalID(3), createdAt: try row.instant(9), updatedAt: try row.instant(10),
            lastLogin: try row.optionalInstant(11), version: try row.decode(12))
    }

    private func opened(
        _ id: ID<Account>, key wrapped: [UInt8], name: [UInt8], email: [UInt8]
    ) throws -> (name: String, email: Email) {
        let key = try sealer.unwrap(wrapped, for: Self.owner(id))
        let (name, text) = (
            try key.openText(name, at: Self.place(id, "name")), try key.openText(email, at: Self.place(id, "email"))
        )
        guard let email = Email(text) else { throw BrokenRow(id: id) }
        return (name, email)
    }

    /// Somebody who is not there, sealed as an account is.
    struct Nobody {
        let id: ID<Account>
        let sealed: SealedAccount
    }

    func sealNobody() throws -> Nobody {
        let now = SystemClock().now
        guard let email = Email("nobody@example.com") else { throw BrokenRow(id: .make(at: now)) }
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

    static func owner(_ id: ID<Account>) -> String { "account/\(id)" }
    static func place(_ id: ID<Account>, _ column: String) -> SealedPlace {
        SealedPlace(table: "account", row: id.description, column: column)
    }
}

/// A row that opens but says what no account can: someone wrote past this service.
struct BrokenRow: Error {
    let id: ID<Account>
}
