package import Forms
package import JSON
package import Kernel

/// A patient who registers themselves (seed 003).
package struct RegisterPatient: Input {
    package let firstName: String
    package let lastName: String
    package let email: Email
    package let phone: PhoneNumber
    package let password: Secret
    package let dateOfBirth: CalendarDate
    package let gender: Gender
    package let address: PostalAddress
    package let emergencyContact: EmergencyContact?
    package let medicalHistory: [String]?
    package let insurance: InsuranceInfo?

    /// Younger ones may not register themselves (COPPA).
    package static let leastAge = 13

    private static let form = Form(
        .text("first_name", 2...50), .text("last_name", 2...50), .email("email"), .phone("phone_number"),
        .newPassword("password"), .confirmation(of: "password"), .birthDate("date_of_birth", atLeast: leastAge),
        .genderWord("gender"), .postalAddress("address", withPostalCode: true),
        .optional(.emergencyContact("emergency_contact")), .optional(.medicalHistory("medical_history")),
        .optional(.insuranceInfo("insurance_info")))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        PasswordClaim(source)?.checkSimilarity(faults)
        try faults.raise()
        guard let read else { throw .internalError }
        firstName = read.0
        lastName = read.1
        email = read.2
        phone = read.3
        password = Secret(read.4)
        dateOfBirth = read.6
        gender = read.7
        address = read.8
        emergencyContact = read.9
        medicalHistory = read.10
        insurance = read.11
    }

    /// What must be nobody else's, and what nobody must guess, as far as it can be read: it is judged even when other
    /// fields are wrong.
    package static func claims(in source: Source, hasUsername: Bool = false) -> Claims {
        let ignored = Faults()
        return Claims(
            email: Field<Email>.email("email").read(source, ignored),
            phone: Field<PhoneNumber>.phone("phone_number").read(source, ignored),
            password: PasswordClaim(source, hasUsername: hasUsername))
    }

    /// What must be nobody else's; nil where the input was not readable.
    package struct Claims: Sendable {
        package let email: Email?
        package let phone: PhoneNumber?
        package let password: PasswordClaim?
    }

    package static let example: JSONValue? = [
        "first_name": "Jane", "last_name": "Smith", "email": "jane.smith@email.com", "phone_number": "+1234567890",
        "password": "SecurePassword123!", "confirm_password": "SecurePassword123!", "date_of_birth": "1990-05-15",
        "gender": "female",
        "address": ["street": "456 Main Street", "city": "Boston", "state": "MA", "zip": "02101"],
        "emergency_contact": ["name": "John Smith", "phone": "+1234567891", "relationship": "spouse"],
        "insurance_info": ["provider": "Blue Cross", "policy_number": "BC123456789"],
    ]
}
