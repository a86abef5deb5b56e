package import Forms
package import JSON
package import Kernel

/// A hospital that registers itself (seed 004); it waits for an administrator's approval.
package struct RegisterHospital: Input {
    package let username: String
    package let password: Secret
    package let name: String
    package let email: Email
    package let phone: PhoneNumber
    package let licenseNumber: String
    package let address: HospitalAddress

    private static let form = Form(
        .username("username"), .newPassword("password"), .confirmation(of: "password"), .hospitalName("name"),
        .email("email"), .phone("phone_number"), .hospitalLicense("license_number"), .hospitalAddress)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        let claims = Self.claims(in: source)
        if let password = claims.password {
            checkSimilarity(of: password.expose(), under: "password", to: claims.known, faults)
        }
        try faults.raise()
        guard let read else { throw .internalError }
        username = read.0
        password = Secret(read.1)
        name = read.3
        email = read.4
        phone = read.5
        licenseNumber = read.6
        address = read.7
    }

    /// What must be nobody else's, and what nobody must guess, as far as it can be read: it is judged even when other
    /// fields are wrong.
    package static func claims(in source: Source) -> Claims {
        let ignored = Faults()
        return Claims(
            username: Field<String>.username("username").read(source, ignored),
            name: Field<String>.hospitalName("name").read(source, ignored),
            email: Field<Email>.email("email").read(source, ignored),
            licenseNumber: Field<String>.hospitalLicense("license_number").read(source, ignored),
            timezone: Field<String>.timezone("timezone").read(source, ignored),
            password: Field<String>.newPassword("password").read(source, ignored).map { Secret($0) })
    }

    /// What must be nobody else's; nil where the input was not readable.
    package struct Claims: Sendable {
        package let username: String?
        package let name: String?
        package let email: Email?
        package let licenseNumber: String?
        /// Looks like a zone; nil where none is named.
        package let timezone: String?
        /// Nil when it breaks a rule of its form: it has to be another one anyway.
        package let password: Secret?

        /// What everybody knows of the hospital, by what it is called in words.
        fileprivate var known: [(String, String)] {
            [("username", username), ("name", name), ("email", email?.text)]
                .compactMap { name, text in text.map { (name, $0) } }
        }
        /// What a guesser knows.
        package var words: [String] { known.map { $0.1 } }
    }

    package static let example: JSONValue? = [
        "username": "city_hospital", "password": "Clinical-Care-2026!", "confirm_password": "Clinical-Care-2026!",
        "name": "City Hospital", "email": "office@city-hospital.example", "phone_number": "+12125550100",
        "license_number": "HOSP-2026-001", "address": "500 Main Street", "city": "New York", "state": "NY",
        "country": "USA", "latitude": .double(40.7128), "longitude": .double(-74.006),
        "timezone": "America/New_York",
    ]
}
