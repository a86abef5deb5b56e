package import Forms
package import JSON
package import Kernel

/// A new account of a person who keeps their own patients (role `staff`).
package struct RegisterAccount: Input {
    package let name: String
    package let email: Email
    package let password: Secret
    /// As chosen; nil lets the service make one from the name.
    package let username: String?

    private static let form = Form(
        .accountName("name"), .email("email"), .newPassword("password"), .confirmation(of: "password"),
        .optional(.username("username")))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "name": "Dr. Alice Johnson", "email": "alice@hospital.com", "password": "SecurePass123!",
            "confirm_password": "SecurePass123!",
        ]
    }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        if let (name, email, password, _, username) = read {
            let known = [("name", name), ("email", email.text)] + (username.map { [("username", $0)] } ?? [])
            checkSimilarity(of: password, under: "password", to: known, faults)
        }
        try faults.raise()
        guard let read else { throw .internalError }
        name = read.0
        email = read.1
        password = Secret(read.2)
        username = read.4
    }

    /// What of a body that may be wrong elsewhere can be looked up.
    package struct Claims: Sendable {
        package let name: String?
        package let email: Email?
        package let username: String?
        package let password: ChosenPassword?
    }

    package static func claims(in source: Source) -> Claims {
        let ignored = Faults()
        return Claims(
            name: Field<String>.accountName("name").read(source, ignored),
            email: Field<Email>.email("email").read(source, ignored),
            username: Field<String>.username("username").read(source, ignored),
            password: ChosenPassword(in: source, under: ["password"]))
    }
}

extension Field where Value == String {
    /// What an account's owner is called: one name, or a first and a last name of at most 100 characters each.
    package static func accountName(_ name: String) -> Field<String> { .text(name, 1...201) }

    package static func username(_ name: String) -> Field<String> {
        .text(name, Username.length, matching: Username.isValid, hint: Username.hint)
    }
}
