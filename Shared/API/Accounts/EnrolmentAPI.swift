package import Forms
package import JSON
package import Kernel

/// Who registered themselves: the provider's entry, or the patient's record, that an account belongs to. Its owner
/// chooses the id, and identity keeps it beside the account.
package enum Registrant {}

/// How an account comes to be for somebody whose entry is another service's: first it is only kept, then the entry is
/// committed, then it is confirmed. Only a confirmed account exists for anybody.
package enum EnrolmentAPI {
    static let declarations: [Declaration] = [open.declaration, confirm.declaration, verificationToken.declaration]

    package static let open = Endpoint(
        .post, "/internal/accounts", "openAccount", of: .identity, for: .services([.registry]),
        takes: PendingAccount.self, gives: Created<PendingAccountView>.self, says: "Account kept.",
        summary: "Keep an account that counts once it is confirmed", tag: "Internal",
        refuses: [.validationFailed, .serviceUnavailable])

    package static let confirm = Endpoint(
        .post, "/internal/accounts/{id}/confirmation", "confirmAccount", of: .identity, for: .services([.registry]),
        takes: ByID<Account>.self, gives: Done.self, says: "Account confirmed.",
        summary: "The entry of a kept account is committed: from now on it can log in", tag: "Internal",
        refuses: [.notFound])

    package static let verificationToken = Endpoint(
        .post, "/internal/accounts/{id}/verification-token", "mintVerificationToken", of: .identity,
        for: .services([.notifier]), takes: ByID<Account>.self, gives: Item<VerificationTokenView>.self,
        says: "Token made.", summary: "A new token that proves an account's email, for the mail being written",
        tag: "Internal", refuses: [.notFound])
}

/// An account to be kept for somebody who is registering.
package struct PendingAccount: Input {
    package let registrant: ID<Registrant>
    package let role: Role
    package let name: String
    package let email: Email
    package let password: Secret
    /// Where a text message reaches them; nil for whoever proves no phone.
    package let phone: PhoneNumber?

    private static let form = Form(
        .id("registrant_id", of: Registrant.self), .choice("role") as Field<Role>, .text("name", 1...150),
        .email("email"), .password("password"), .optional(.phone("phone_number")))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "registrant_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90", "role": "doctor", "name": "John Doe",
            "email": "john.doe@clinic.example", "password": "SecurePassword123!",
        ]
    }

    package init(
        registrant: ID<Registrant>, role: Role, name: String, email: Email, password: Secret,
        phone: PhoneNumber? = nil
    ) {
        self.registrant = registrant
        self.role = role
        self.name = name
        self.email = email
        self.password = password
        self.phone = phone
    }

    package init(_ source: Source) throws(Problem) {
        let password: String
        (registrant, role, name, email, password, phone) = try Self.form.read(source)
        self.password = Secret(password)
    }

    package var json: JSONValue {
        [
            "registrant_id": .string(registrant.description), "role": .string(role.rawValue), "name": .string(name),
            "email": .string(email.text), "password": .string(password.expose()),
            "phone_number": .text(phone?.text),
        ]
    }
}

/// An account that was kept and waits for its entry.
package struct PendingAccountView: View {
    package let account: ID<Account>

    package init(account: ID<Account>) { self.account = account }

    package static let shape = Shape<PendingAccountView>("PendingAccount", .id("account_id") { $0.account })
}

/// The secret of a link in a mail; null when the email is proven already.
package struct VerificationTokenView: View {
    package let token: String?

    package init(token: String?) { self.token = token }

    package static let shape = Shape<VerificationTokenView>("VerificationToken", .maybe("token") { $0.token })
}
