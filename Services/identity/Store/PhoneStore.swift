package import API
import Crypto
package import Kernel
package import Postgres
import Sealing

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
        let wrapped = try await tx.run(Column<[UInt8]>("wrapped_key")) {
            "select \($0) from account where account_id = \(id)"
        }.one
        let key = try vault.accounts.key(wrapped, of: id)
        let sealed = try key.seal(phone.text, authenticating: Vault.associatedData(id, "phone"))
        try await tx.run("update account set sealed_phone = \(sealed) where account_id = \(id)")
    }

    /// Nil where there is none, or nobody who may prove it.
    package func phone(of id: ID<Account>) async throws -> Phone? {
        try await database.read(Self.sealedPhone) { Self.phone($0, of: id) }.first.map { try open($0, of: id) }
    }

    package func phone(of id: ID<Account>, in tx: Transaction) async throws -> Phone? {
        try await tx.run(Self.sealedPhone) { Self.phone($0, of: id) }.first.map { try open($0, of: id) }
    }

    private struct SealedPhone: Sendable {
        let wrappedKey: [UInt8]
        let number: [UInt8]
        let isProven: Bool
        let registrant: ID<Registrant>
    }

    private static let sealedPhone = Projection(
        Column<[UInt8]>("wrapped_key"), Column<[UInt8]>("sealed_phone"), Column<Bool>("phone_verified_at is not null"),
        Column<ID<Registrant>>("registrant_id"), make: SealedPhone.init)

    private static func phone(_ row: some Selection, of id: ID<Account>) -> SQL {
        """
        select \(row) from account
        where account_id = \(id) and sealed_phone is not null and registrant_id is not null
            and confirmed_at is not null and is_active
        """
    }

    private func open(_ sealed: SealedPhone, of id: ID<Account>) throws -> Phone {
        let key = try vault.accounts.key(sealed.wrappedKey, of: id)
        guard
            let number = PhoneNumber(try key.openText(sealed.number, authenticating: Vault.associatedData(id, "phone")))
        else {
            throw BrokenRow("account", id)
        }
        return Phone(number: number, isProven: sealed.isProven, registrant: sealed.registrant)
    }
}
