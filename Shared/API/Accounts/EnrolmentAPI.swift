package import Forms
package import JSON
package import Kernel

/// Who registered themselves: the provider's entry, or the patient's record, that an account belongs to. Its owner
/// chooses the id, and identity keeps it beside the account.
package enum Registrant {}

/// How an account comes to be for somebody whose entry is another service's: first it is only kept, then the entry is
/// committed, then it is confirmed. Only a confirmed account exists for anybody.
package enum EnrolmentAPI {
    static let declarations: [Declaration] = [
        taken.declaration, open.declaration, confirm.declaration, verificationToken.declaration,
    ]

    package static let taken = Endpoint(
        .post, "/internal/accounts/taken", "takenUsername", of: .identity, for: .services([.registry]),
        takes: UsernameOnly.self, gives: Item<TakenUsernameView>.self, says: "Username looked up.",
        summary: "Whether somebody has a username, for a registration that reports all that is wrong at once",
        tag: "Internal")

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
    /// Nil lets identity make one.
    package let username: Name?
    /// The hospital whose account it is, or which makes it for one of its doctors.
    package let hospital: ID<Hospital>?

    /// What an account is to be called.
    package enum Name: Sendable, Equatable {
        /// As somebody chose it; refused where it is taken.
        case chosen(String)
        /// Where it is taken, the first number from 2 follows that makes it free.
        case numbered(String)
    }

    private static let form = Form(
        .id("registrant_id", of: Registrant.self), .choice("role") as Field<Role>, .accountName("name"),
        .email("email"), .password("password"), .optional(.phone("phone_number")), .optional(.username("username")),
        .optional(.username("username_stem")), .optional(.id("hospital_id", of: Hospital.self)))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "registrant_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90", "role": "doctor", "name": "John Doe",
            "email": "john.doe@clinic.example", "password": "SecurePassword123!",
        ]
    }

    package init(
        registrant: ID<Registrant>, role: Role, name: String, email: Email, password: Secret,
        phone: PhoneNumber? = nil, username: Name? = nil, hospital: ID<Hospital>? = nil
    ) {
        self.registrant = registrant
        self.role = role
        self.name = name
        self.email = email
        self.password = password
        self.phone = phone
        self.username = username
        self.hospital = hospital
    }

    package init(_ source: Source) throws(Problem) {
        let read = try Self.form.read(source)
        self.init(
            registrant: read.0, role: read.1, name: read.2, email: read.3, password: Secret(read.4), phone: read.5,
            username: read.6.map { .chosen($0) } ?? read.7.map { .numbered($0) }, hospital: read.8)
    }

    package var json: JSONValue {
        var chosen: String?
        var stem: String?
        switch username {
        case .chosen(let name)?: chosen = name
        case .numbered(let name)?: stem = name
        case nil: break
        }
        return [
            "registrant_id": .string(registrant.description), "role": .string(role.rawValue), "name": .string(name),
            "email": .string(email.text), "password": .string(password.expose()),
            "phone_number": .text(phone?.text), "username": .text(chosen), "username_stem": .text(stem),
            "hospital_id": .text(hospital?.description),
        ]
    }
}

/// An account that was kept and waits for its entry.
package struct PendingAccountView: View {
    package let account: ID<Account>
    package let username: String

    package init(account: ID<Account>, username: String) {
        self.account = account
        self.username = username
    }

    package static let shape = Shape<PendingAccountView>(
        "PendingAccount", .id("account_id") { $0.account }, .text("username") { $0.username })

    /// As identity wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let account = json["account_id"]?.string.flatMap({ ID<Account>($0) }),
            let username = json["username"]?.string
        else { return nil }
        self.init(account: account, username: username)
    }
}

/// The secret of a link in a mail; null when the email is proven already.
package struct VerificationTokenView: View {
    package let token: String?

    package init(token: String?) { self.token = token }

    package static let shape = Shape<VerificationTokenView>("VerificationToken", .maybe("token") { $0.token })
}

/// A username that somebody would like to have.
package struct UsernameOnly: Input {
    package let username: String

    private static let form = Form(.username("username"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["username": "city_hospital"] }

    package init(_ username: String) { self.username = username }
    package init(_ source: Source) throws(Problem) { username = try Self.form.read(source) }

    package var json: JSONValue { ["username": .string(username)] }
}

/// Whether a username is somebody's whose account counts.
package struct TakenUsernameView: View {
    package let isTaken: Bool

    package init(isTaken: Bool) { self.isTaken = isTaken }

    package static let shape = Shape<TakenUsernameView>("TakenUsername", .boolean("is_taken") { $0.isTaken })
}
