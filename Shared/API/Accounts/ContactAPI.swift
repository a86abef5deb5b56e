package import Kernel

/// How to reach an account's owner, asked at the moment a message is written and kept nowhere else.
package struct ContactView: View {
    package let name: String
    package let email: String
    /// Proven or not; nil where there is none.
    package let phone: String?
    package let isPhoneProven: Bool
    package let isActive: Bool

    package init(name: String, email: String, phone: String?, isPhoneProven: Bool, isActive: Bool) {
        self.name = name
        self.email = email
        self.phone = phone
        self.isPhoneProven = isPhoneProven
        self.isActive = isActive
    }

    package static let shape = Shape<ContactView>(
        "Contact", .text("name") { $0.name }, .text("email") { $0.email },
        .maybe("phone_number") { $0.phone }, .boolean("is_phone_proven") { $0.isPhoneProven },
        .boolean("is_active") { $0.isActive })
}

extension AccountsAPI {
    package static let contact = Endpoint(
        .get, "/internal/accounts/{id}/contact", "accountContact", of: .identity, for: .services([.notifier]),
        takes: ByID<Account>.self, gives: Item<ContactView>.self, says: "Contact retrieved successfully.",
        summary: "How to reach an account's owner", tag: "Internal", refuses: [.notFound])
}
