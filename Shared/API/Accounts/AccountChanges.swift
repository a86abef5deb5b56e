package import Forms
package import JSON
package import Kernel

/// What an account may change of itself. Another email counts once it is proven. Asking for it takes the password too:
/// whoever holds a stolen session must not be able to move the account to an address of their own.
package struct UpdateAccount: Input {
    package let name: String
    package let email: Email
    package let currentPassword: Secret?

    private static let form = Form(
        .accountName("name"), .email("email"), .optional(.password("current_password")))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["name": "Dr. Alice M. Johnson", "email": "alice@hospital.com"] }

    package init(_ source: Source) throws(Problem) {
        let (name, email, password) = try Self.form.read(source)
        self.name = name
        self.email = email
        currentPassword = password.map { Secret($0) }
    }
}

/// What an administrator may change of an account.
package struct UpdateUser: Input {
    package let isActive: Bool

    private static let form = Form(.boolean("is_active"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["is_active": true] }

    package init(_ source: Source) throws(Problem) { isActive = try Self.form.read(source) }
}

/// Which accounts an administrator wants listed.
package struct ListUsers: Input {
    package let page: PageRequest
    package let role: Role?
    package let isActive: Bool?
    /// An email, or the beginning of a username.
    package let search: String?

    private static let form = Form(
        .page, .optional(.choice("role", in: .query) as Field<Role>), .optional(.boolean("is_active", in: .query)),
        .optional(.text("search", 1...254, in: .query)))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (page, role, isActive, search) = try Self.form.read(source) }
}
