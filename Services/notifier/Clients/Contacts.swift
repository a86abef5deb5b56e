package import Kernel

/// How to reach somebody: asked when a message is written, and kept nowhere.
package struct Contact: Sendable {
    package let name: String
    package let email: String
    package let isActive: Bool

    package init(name: String, email: String, isActive: Bool) {
        self.name = name
        self.email = email
        self.isActive = isActive
    }
}

/// Whoever knows how to reach people.
package protocol ContactSource: Sendable {
    /// Throws `Problem.notFound` for somebody nobody knows (any more).
    func contact(of account: ID<Account>) async throws -> Contact
}
