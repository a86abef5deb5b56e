package import Forms
package import JSON
package import Kernel

/// How a system gets its first administrator without anybody at a command line: by a link that an operator had made.
package enum SetUpAPI {
    static let declarations: [Declaration] = [setUp.declaration]

    package static let setUp = Endpoint(
        .post, "/api/auth/setup", "setUp", of: .identity, for: .anyone,
        takes: Attempt<SetUpAdministrator>.self, gives: Created<UserView>.self,
        says: "Administrator created successfully.",
        summary: "Make the first administrator by the token of a set-up link; only while there is none",
        tag: "Accounts", refuses: [.validationFailed, .serviceUnavailable])
}

/// The first administrator as they describe themselves, and the token that allows it.
package struct SetUpAdministrator: Input {
    package let token: Secret
    package let username: String
    package let email: Email
    package let name: String
    package let password: Secret

    private static let form = Form(
        .verbatim("token", 1...256), .username("username"), .email("email"),
        .accountName("name").or("Administrator"), .newPassword("password"), .confirmation(of: "password"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "token": "prxs_5kT2…", "username": "root", "email": "root@hospital.com", "name": "Alice Johnson",
            "password": "SecurePass123!", "confirm_password": "SecurePass123!",
        ]
    }

    package init(_ source: Source) throws(Problem) {
        let (token, username, email, name, password, _) = try Self.form.read(source)
        self.token = Secret(token)
        self.username = username
        self.email = email
        self.name = name
        self.password = Secret(password)
    }

    /// What of a body that may be wrong elsewhere can be looked up.
    package struct Claims: Sendable {
        package let token: Secret?
        package let username: String?
        package let email: Email?
        package let name: String?
        package let password: ChosenPassword?
    }

    package static func claims(in source: Source) -> Claims {
        let ignored = Faults()
        return Claims(
            token: Field<String>.verbatim("token", 1...256).read(source, ignored).map { Secret($0) },
            username: Field<String>.username("username").read(source, ignored),
            email: Field<Email>.email("email").read(source, ignored),
            name: Field<String>.accountName("name").read(source, ignored),
            password: ChosenPassword(in: source, under: ["password"]))
    }
}
