package import API
import IdentityDomain
package import Kernel
package import Web

/// What other services ask of an account: notifier how to reach its owner, scheduling whether it is still one.
package struct Contacts: Sendable {
    let accounts: AccountStore

    package init(accounts: AccountStore) { self.accounts = accounts }

    package func show(_ input: ByID<Account>, _ call: Call) async throws -> Item<ContactView> {
        guard let account = try await accounts.find(input.id) else { throw Problem.notFound }
        let phone = try await accounts.phone(of: input.id)
        return Item(
            ContactView(
                name: account.name, email: account.email.text, phone: phone?.number.text,
                isPhoneProven: phone?.isProven ?? false, isActive: account.isActive))
    }

    package func standing(_ input: ByID<Account>, _ call: Call) async throws -> Item<AccountStandingView> {
        guard let isAdmitted = try await accounts.isAdmitted(input.id) else { throw Problem.notFound }
        return Item(AccountStandingView(isAdmitted: isAdmitted))
    }
}
