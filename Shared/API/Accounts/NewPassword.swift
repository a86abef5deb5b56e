package import Forms
import JSON
package import Kernel

/// A password someone chooses: kept byte for byte; all that is wrong with it is reported at once.
extension Field where Value == String {
    package static func newPassword(_ name: String) -> Field<String> {
        let schema = Schema.string(length: PasswordRules.length).adding("format", "password").described(
            "At least 8 characters with upper case, lower case, digit and special character, "
                + "or at least 15 of any kind."
        )
        return Field(name, schema) { value, refuse in
            guard case .string(let password) = value else {
                refuse("Must be a string.")
                return nil
            }
            guard !password.isEmpty else {
                refuse("This field may not be blank.")
                return nil
            }
            guard !password.utf8.contains(0) else {
                refuse("Control characters are not allowed.")
                return nil
            }
            let faults = PasswordRules.faults(of: password)
            for fault in faults { refuse(fault) }
            return faults.isEmpty ? password : nil
        }
    }

    /// A password someone already has: nothing about it is judged, only its length is bounded before it is hashed.
    package static func password(_ name: String) -> Field<String> { verbatim(name, 1...1024) }

    /// The same under one of several names; the first is the one that is missed when none was sent.
    package static func newPassword(underOneOf names: [String]) -> Field<String> {
        let fields = names.map { Field<String>.newPassword($0) }
        let properties = fields.flatMap(\.properties).map {
            Schema.Property($0.name, $0.schema, isRequired: false)
        }
        return Field(properties: properties) { source, faults in
            let sent = fields.first { $0.presence(source) == .present } ?? fields.first
            return sent?.read(source, faults)
        }
    }

    /// The same password once more, under one of two names; what is wrong is reported under the name that was sent.
    /// - Parameter passwords: the names the password itself may have.
    package static func confirmation(of passwords: String...) -> Field<String> {
        let names = ["confirm_password", "password_confirm"]
        let properties = names.map {
            Schema.Property(
                $0, .string.adding("format", "password").described("The password again; either of the two names."),
                isRequired: false)
        }
        return Field(properties: properties) { source, faults in
            let sent = names.first { source.value($0, in: .body).map { !$0.isNull } ?? false } ?? "confirm_password"
            guard let value = source.value(sent, in: .body), !value.isNull else {
                faults.add(sent, "This field is required.")
                return nil
            }
            guard let text = value.string else {
                faults.add(sent, "Must be a string.")
                return nil
            }
            guard text == ChosenPassword(in: source, under: passwords)?.text.expose() else {
                faults.add(sent, "Passwords do not match.")
                return nil
            }
            return text
        }
    }
}

/// A password as somebody chose it, whether or not the form took it: for whoever has more to say about it.
package struct ChosenPassword: Sendable {
    /// The name it was sent under.
    package let field: String
    package let text: Secret

    package init(_ text: Secret, under field: String) {
        self.field = field
        self.text = text
    }

    /// Nil when there is no text under any of the names.
    package init?(in source: Source, under names: [String]) {
        let sent = names.first { source.value($0, in: .body).map { !$0.isNull } ?? false }
        guard let sent, let text = source.value(sent, in: .body)?.string else { return nil }
        field = sent
        self.text = Secret(text)
    }
}

/// Adds, to the faults of a form, that a password is nearly what everybody knows about its owner.
func checkSimilarity(of password: String, under field: String, to known: [(String, String)], _ faults: Faults) {
    for (name, text) in known where PasswordRules.isSimilar(password, to: text) {
        faults.add(field, "The password is too similar to the \(name).")
    }
}
