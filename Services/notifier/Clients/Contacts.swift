package import Kernel

/// How to reach somebody: asked when a message is written, and kept nowhere.
package struct Contact: Sendable {
    package let name: String
    package let email: String
    package let isActive: Bool

    package init(name: String, email: String, isActive: Bool) {
        (self.name, self.email, self.isActive) = (name, email, isActive)
    }
}

/// A code for somebody's phone, and the phone.
package struct MintedCode: Sendable {
    package let phone: String
    /// Nil when the phone is proven already.
    package let code: String?
    /// How long it works.
    package let minutes: Int

    package init(phone: String, code: String?, minutes: Int) {
        (self.phone, self.code, self.minutes) = (phone, code, minutes)
    }
}

/// Whoever knows how to reach people.
package protocol ContactSource: Sendable {
    /// Throws `Problem.notFound` for somebody nobody knows (any more).
    func contact(of account: ID<Account>) async throws -> Contact
    /// A new token that proves the account's email; nil when it is proven already.
    func verificationToken(of account: ID<Account>) async throws -> String?
    /// A new code that proves the account's phone.
    func phoneCode(of account: ID<Account>) async throws -> MintedCode
    /// A new token that sets the account's password; nil when none must be sent.
    func passwordResetToken(of account: ID<Account>) async throws -> String?
}
