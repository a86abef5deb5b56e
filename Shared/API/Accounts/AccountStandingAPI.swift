package import Kernel

/// Whether an account may log in now: it is there, switched on, and let in by its hospital.
package struct AccountStandingView: View {
    package let isAdmitted: Bool

    package init(isAdmitted: Bool) { self.isAdmitted = isAdmitted }

    package static let shape = Shape<AccountStandingView>("AccountStanding", .boolean("is_admitted") { $0.isAdmitted })
}

extension AccountsAPI {
    package static let standing = Endpoint(
        .get, "/internal/accounts/{id}/standing", "accountStanding", of: .identity, for: .services([.scheduling]),
        takes: ByID<Account>.self, gives: Item<AccountStandingView>.self, says: "Account retrieved successfully.",
        summary: "Whether an account may log in now", tag: "Internal", refuses: [.notFound], rate: .unlimited)
}
