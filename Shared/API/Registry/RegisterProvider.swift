package import Forms
package import JSON
package import Kernel

/// A provider who registers themselves (seed 000).
package struct RegisterProvider: Input {
    package let firstName: String
    package let lastName: String
    package let email: Email
    package let phone: PhoneNumber
    package let password: Secret
    package let specialization: Specialization
    package let licenseNumber: String
    package let yearsOfExperience: Int
    package let clinic: PostalAddress

    private static let form = Form(
        .text("first_name", 2...50), .text("last_name", 2...50), .email("email"), .phone("phone_number"),
        .newPassword("password"), .confirmation(of: "password"),
        .choice("specialization", Specialization.spellings), .providerLicense("license_number"),
        .integer("years_of_experience", 0...50), .postalAddress("clinic_address"))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        PasswordClaim(source)?.checkSimilarity(faults)
        try faults.raise()
        guard let read else { throw .internalError }
        let password: String
        firstName = read.0
        lastName = read.1
        email = read.2
        phone = read.3
        password = read.4
        specialization = read.6
        licenseNumber = read.7
        yearsOfExperience = read.8
        clinic = read.9
        self.password = Secret(password)
    }

    /// What must be nobody else's, and what nobody must guess, as far as it can be read: it is judged even when other
    /// fields are wrong.
    package static func claims(in source: Source) -> Claims {
        let ignored = Faults()
        return Claims(
            email: Field<Email>.email("email").read(source, ignored),
            phone: Field<PhoneNumber>.phone("phone_number").read(source, ignored),
            licenseNumber: Field<String>.providerLicense("license_number").read(source, ignored),
            password: PasswordClaim(source))
    }

    /// What must be nobody else's; nil where the input was not readable.
    package struct Claims: Sendable {
        package let email: Email?
        package let phone: PhoneNumber?
        package let licenseNumber: String?
        package let password: PasswordClaim?
    }

    package static let example: JSONValue? = [
        "first_name": "John", "last_name": "Doe", "email": "john.doe@clinic.com", "phone_number": "+1234567890",
        "password": "SecurePassword123!", "confirm_password": "SecurePassword123!", "specialization": "cardiology",
        "license_number": "MD123456789", "years_of_experience": 10,
        "clinic_address": [
            "street": "123 Medical Center Dr", "city": "New York", "state": "NY", "zip": "10001",
        ],
    ]
}

extension Field where Value == String {
    /// ASCII letters and digits: seed 000 knows no hyphens here.
    static func providerLicense(_ name: String) -> Field<String> {
        .text(
            name, 1...50,
            matching: { text in
                text.utf8.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122: true
                    default: false
                    }
                }
            }, hint: "License number must consist of letters and digits.")
    }
}
