package import Kernel

/// How to reach an account's owner, asked at the moment a message is written and kept nowhere else.
package struct ContactView: View {
    package let name: String
    package let email: String
    package let isActive: Bool

    package init(name: String, email: String, isActive: Bool) {
        self.name = name
        self.email = email
        self.isActive = isActive
    }

    package static let shape = Shape<ContactView>(
        "Contact", .text("name") { $0.name }, .text("email") { $0.email }, .boolean("is_active") { $0.isActive })
}

extension AccountsAPI {
    package static let contact = Endpoint(
        .get, "/internal/accounts/{id}/contact", "accountContact", of: .identity, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<ContactView>.self, says: "Contact retrieved successfully.",
        summary: "How to reach an account's owner", tag: "Internal", refuses: [.notFound])
}
