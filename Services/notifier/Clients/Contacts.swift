package import Kernel

/// How to reach somebody: asked when a message is written, and kept nowhere.
package struct Contact: Sendable {
    package let name: String
    package let email: String
    /// Nil where there is none.
    package let phone: String?
    /// Whether somebody has typed the code that was texted there: only then other texts go to it.
    package let isPhoneProven: Bool
    package let isActive: Bool

    package init(name: String, email: String, phone: String? = nil, isPhoneProven: Bool = false, isActive: Bool) {
        self.name = name
        self.email = email
        self.phone = phone
        self.isPhoneProven = isPhoneProven
        self.isActive = isActive
    }
}

/// Whoever knows how to reach people.
package protocol ContactSource: Sendable {
    /// Throws `Problem.notFound` for somebody nobody knows (any more).
    func contact(of account: ID<Account>) async throws -> Contact
}
