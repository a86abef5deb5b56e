package import Forms
package import JSON
package import Kernel

/// A patient who registers with a username of their own and their consent (seed 004).
package struct RegisterPatientAccount: Input {
    package let username: String
    package let email: Email
    package let password: Secret
    package let firstName: String
    package let lastName: String
    package let phone: PhoneNumber
    package let dateOfBirth: CalendarDate
    package let gender: Gender
    package let address: WrittenAddress?

    private static let form = Form(
        .username("username"), .email("email"), .newPassword("password"), .confirmation(of: "password"),
        .text("first_name", 1...50), .text("last_name", 1...50), .phone("phone_number"),
        .birthDate("date_of_birth", atLeast: RegisterPatient.leastAge), .choice("gender", Gender.spellings), consent,
        .optional(.writtenAddress("address")))

    private static let consent = Field<Bool>.boolean("consent").checked {
        $0 ? nil : "Your consent is needed to keep your data."
    }

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        PasswordClaim(source, hasUsername: true)?.checkSimilarity(faults)
        try faults.raise()
        guard let read else { throw .internalError }
        username = read.0
        email = read.1
        password = Secret(read.2)
        firstName = read.4
        lastName = read.5
        phone = read.6
        dateOfBirth = read.7
        gender = read.8
        address = read.10
    }

    /// What must be nobody else's, and what nobody must guess, as far as it can be read.
    package static func claims(in source: Source) -> (username: String?, claims: RegisterPatient.Claims) {
        (
            Field<String>.username("username").read(source, Faults()),
            RegisterPatient.claims(in: source, hasUsername: true)
        )
    }

    package static let example: JSONValue? = [
        "username": "sara_ahmed", "email": "sara.ahmed@example.com", "password": "Walk-In-Clinic-26!",
        "confirm_password": "Walk-In-Clinic-26!", "first_name": "Sara", "last_name": "Ahmed",
        "phone_number": "+923001112233", "date_of_birth": "1992-04-11", "gender": "F", "consent": true,
        "address": "12 Canal Road, Lahore",
    ]
}

/// An address in one line or in parts, as clients of seed 004 write it.
package struct WrittenAddress: Sendable, Equatable {
    package let street: String?
    package let city: String?
    package let state: String?
    package let zip: String?
    package let country: String?
}

extension Field where Value == WrittenAddress {
    static func writtenAddress(_ name: String) -> Field<WrittenAddress> {
        let text = Field<String>.text(name, 0...500, multiline: true)
        let form = Form(
            .unlessBlank(.text("street", 0...500)), .unlessBlank(.text("city", 0...100)),
            .unlessBlank(.text("state", 0...100)), .unlessBlank(.text("zip", 0...20)),
            .unlessBlank(.text("country", 0...100)))
        let parts = Field<WrittenAddress>.object(name, form.properties) { source, faults in
            form.read(source, into: faults).map {
                WrittenAddress(street: $0.0, city: $0.1, state: $0.2, zip: $0.3, country: $0.4)
            }
        }
        let schema = Schema([
            JSONMember(
                key: "anyOf",
                value: .array((text.properties + parts.properties).map(\.schema.json)))
        ])
        return Field(
            properties: [Schema.Property(name, schema, isRequired: true)], presence: text.presence
        ) { source, faults in
            guard case .string? = source.value(name, in: .body) else { return parts.read(source, faults) }
            return text.read(source, faults).map {
                WrittenAddress(street: $0.isEmpty ? nil : $0, city: nil, state: nil, zip: nil, country: nil)
            }
        }
    }
}

/// What registering answers (seed 004).
package struct RegisteredPatientAccountView: View {
    package let patient: ID<Patient>
    package let user: AccountBriefView

    package init(patient: ID<Patient>, user: AccountBriefView) {
        self.patient = patient
        self.user = user
    }

    package static let shape = Shape<RegisteredPatientAccountView>(
        "RegisteredPatientAccount", .id("patient_id") { $0.patient }, .view("user") { $0.user })
}

/// An account's id, username, email and role.
package struct AccountBriefView: View {
    package let id: ID<Account>
    package let username: String
    package let email: String
    package let role: Role

    package init(id: ID<Account>, username: String, email: String, role: Role) {
        self.id = id
        self.username = username
        self.email = email
        self.role = role
    }

    package static let shape = Shape<AccountBriefView>(
        "AccountBrief", .id("id") { $0.id }, .text("username") { $0.username }, .text("email") { $0.email },
        .choice("role", Role.allCases.map(\.rawValue)) { $0.role.rawValue })
}
