import Forms
package import Kernel

/// The password somebody chooses who registers with `first_name`, `last_name` and `email`, some also with a `username`,
/// and what everybody knows about them, as far as it can be read: it is judged even when other fields are wrong, so
/// that all is reported at once.
package struct PasswordClaim: Sendable {
    package let password: Secret
    private let username: String?
    private let firstName: String?
    private let lastName: String?
    private let email: String?

    /// Nil when the password breaks a rule of its form: it has to be another one anyway.
    init?(_ source: Source, hasUsername: Bool = false) {
        let ignored = Faults()
        guard let password = Field<String>.newPassword("password").read(source, ignored) else { return nil }
        self.password = Secret(password)
        username = hasUsername ? Field<String>.username("username").read(source, ignored) : nil
        firstName = Field<String>.text("first_name", 2...50).read(source, ignored)
        lastName = Field<String>.text("last_name", 2...50).read(source, ignored)
        email = Field<Email>.email("email").read(source, ignored)?.text
    }

    /// What a guesser knows.
    package var words: [String] {
        let name = [firstName, lastName].compactMap { $0 }.joined(separator: " ")
        return (name.isEmpty ? [] : [name]) + [email, username].compactMap { $0 }
    }

    func checkSimilarity(_ faults: Faults) {
        let known = [("username", username), ("first name", firstName), ("last name", lastName), ("email", email)]
            .compactMap { name, text in text.map { (name, $0) } }
        API.checkSimilarity(of: password.expose(), under: "password", to: known, faults)
    }
}
