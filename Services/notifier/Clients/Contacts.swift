package import Kernel

/// How to reach somebody: asked when a message is written, and kept nowhere.
package struct Contact: Sendable {
    package let name: String
    package let email: String
    /// Nil where there is none.
    package let phone: String?
    package let isActive: Bool

    package init(name: String, email: String, phone: String? = nil, isActive: Bool) {
        self.name = name
        self.email = email
        self.phone = phone
        self.isActive = isActive
    }
}

/// Whoever knows how to reach people.
package protocol ContactSource: Sendable {
    /// Throws `Problem.notFound` for somebody nobody knows (any more).
    func contact(of account: ID<Account>) async throws -> Contact
}
