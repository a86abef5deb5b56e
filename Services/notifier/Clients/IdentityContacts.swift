import API
package import Chassis
import JSON
package import Kernel

/// Asks identity, in notifier's own name.
package struct IdentityContacts: ContactSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func contact(of account: ID<Account>) async throws -> Contact {
        let answer = try await calls.ask(AccountsAPI.contact.declaration, path: [account.description])
        guard let name = answer["name"]?.string, let email = answer["email"]?.string,
            case .bool(let isActive)? = answer["is_active"]
        else { throw Self.misunderstood }
        return Contact(name: name, email: email, isActive: isActive)
    }

    package func verificationToken(of account: ID<Account>) async throws -> String? {
        try await calls.ask(EnrolmentAPI.verificationToken.declaration, path: [account.description])["token"]?.string
    }

    package func phoneCode(of account: ID<Account>) async throws -> MintedCode {
        let answer = try await calls.ask(PhoneVerificationAPI.mintCode.declaration, path: [account.description])
        guard let phone = answer["phone"]?.string, case .integer(let minutes)? = answer["minutes"] else {
            throw Self.misunderstood
        }
        return MintedCode(phone: phone, code: answer["code"]?.string, minutes: Int(minutes))
    }

    package func passwordResetToken(of account: ID<Account>) async throws -> String? {
        try await calls.ask(PasswordResetAPI.mintToken.declaration, path: [account.description])["token"]?.string
    }

    private static let misunderstood = Problem(.badGateway, "The answer of another service was not understood.")
}
