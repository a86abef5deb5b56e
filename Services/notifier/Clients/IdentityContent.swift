import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks identity, in notifier's own name: how to reach somebody, and the secrets in its messages.
package struct IdentityContent: ContactSource, ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func contact(of account: ID<Account>) async throws -> Contact {
        let answer = try await calls.ask(AccountsAPI.contact.declaration, path: [account.description])
        guard let name = answer["name"]?.string, let email = answer["email"]?.string,
            let isActive = answer["is_active"]?.bool
        else { throw Self.misunderstood }
        // An identity of an earlier release does not say whether the phone is proven.
        return Contact(
            name: name, email: email, phone: answer["phone_number"]?.string,
            isPhoneProven: answer["is_phone_proven"]?.bool ?? false, isActive: isActive)
    }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about _: ID<MessageSubject>?, at _: Instant?
    ) async throws -> ContentAnswer {
        let path = [recipient.description]
        switch kind {
        case .verification:
            let answer = try await calls.ask(EnrolmentAPI.verificationToken.declaration, path: path)
            return Self.link(answer["token"]?.string, else: "already_verified")
        case .passwordReset:
            let answer = try await calls.ask(PasswordResetAPI.mintToken.declaration, path: path)
            return Self.link(answer["token"]?.string, else: "not_wanted")
        case .emailChange:
            let answer = try await calls.ask(EmailChangeAPI.mintToken.declaration, path: path)
            guard let token = answer["token"]?.string, let email = answer["email"]?.string else {
                return .notWanted(code: "not_wanted")
            }
            return .content(MessageContent(token: token, email: email))
        case .emailChanged:
            let answer = try await calls.ask(EmailChangeAPI.formerEmail.declaration, path: path)
            guard let email = answer["email"]?.string else { return .notWanted(code: "not_wanted") }
            return .content(MessageContent(email: email))
        case .phoneCode:
            let answer = try await calls.ask(PhoneVerificationAPI.mintCode.declaration, path: path)
            guard let phone = answer["phone"]?.string, case .integer(let minutes)? = answer["minutes"] else {
                throw Self.misunderstood
            }
            guard let code = answer["code"]?.string else { return .notWanted(code: "already_verified") }
            return .content(MessageContent(values: ["code": code, "minutes": String(minutes)], phone: phone))
        default: return .content(MessageContent())
        }
    }

    private static func link(_ token: String?, else code: String) -> ContentAnswer {
        token.map { .content(MessageContent(token: $0)) } ?? .notWanted(code: code)
    }

    private static let misunderstood = Problem(.badGateway, "The answer of another service was not understood.")
}
