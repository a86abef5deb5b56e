package import API
import Crypto
package import Kernel
package import Postgres

/// An account's phone, sealed under the account's own key.
extension AccountStore {
    /// An account's phone number, and whether it was proven.
    package struct Phone: Sendable {
        package let number: PhoneNumber
        package let isProven: Bool
        /// Whose account it is, where a service has a record for it.
        package let registrant: ID<Registrant>
    }

    /// Keeps the phone of an account that is just being kept.
    func keep(_ phone: PhoneNumber, of id: ID<Account>, in tx: Transaction) async throws {
        let wrapped = try await tx.run("select wrapped_key from account where account_id = \(id)").one.bytes(0)
        let key = try vault.sealer.unwrap(wrapped, for: Vault.owner(id))
        let sealed = try key.seal(phone.text, at: Vault.place(id, "phone"))
        try await tx.run("update account set sealed_phone = \(sealed) where account_id = \(id)")
    }

    /// Nil where there is none, or nobody who may prove it.
    package func phone(of id: ID<Account>) async throws -> Phone? {
        try await database.read(Self.phone(id)).first.map { try phone($0, of: id) }
    }

    package func phone(of id: ID<Account>, in tx: Transaction) async throws -> Phone? {
        try await tx.run(Self.phone(id)).first.map { try phone($0, of: id) }
    }

    private static func phone(_ id: ID<Account>) -> SQL {
        """
        select wrapped_key, sealed_phone, phone_verified_at is not null, registrant_id from account
        where account_id = \(id) and sealed_phone is not null and registrant_id is not null
            and confirmed_at is not null and is_active
        """
    }

    private func phone(_ row: Row, of id: ID<Account>) throws -> Phone {
        let key = try vault.sealer.unwrap(try row.bytes(0), for: Vault.owner(id))
        guard let number = PhoneNumber(try key.openText(try row.bytes(1), at: Vault.place(id, "phone"))) else {
            throw BrokenRow(id: id)
        }
        return Phone(number: number, isProven: try row.bool(2), registrant: try row.id(3))
    }
}
