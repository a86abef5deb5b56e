package import Forms
package import JSON
package import Kernel

/// A directory entry as a client writes it. Names and field must be there; a licence number, once given, is nobody
/// else's.
package struct DoctorBody: Input, Equatable {
    package var firstName: String
    package var lastName: String
    package var email: Email?
    package var phone: String?
    package var specialization: Specialization
    package var licenseNumber: String?
    package var yearsOfExperience: Int?
    package var qualification: String?
    package var bio: String?
    /// A decimal text with two places (`"250.00"`), in no currency the contract names.
    package var consultationFee: String?
    package var isAvailable = true
    package var hospitalName: String?
    package var city: String?
    package var state: String?
    package var country: String?

    package init(firstName: String, lastName: String, specialization: Specialization) {
        self.firstName = firstName
        self.lastName = lastName
        self.specialization = specialization
    }

    package static let form = Form(
        .text("first_name", 1...100), .text("last_name", 1...100), .unlessBlank(.email("email")),
        .unlessBlank(.localPhone("phone")), .choice("specialization", Specialization.spellings),
        .unlessBlank(
            .text(
                "license_number", 1...50, matching: isLicense,
                hint: "A license number consists of letters, digits and hyphens.")),
        .unlessBlank(.integer("years_of_experience", 0...80)), .unlessBlank(.text("qualification", 0...300)),
        .unlessBlank(.text("bio", 0...5000, multiline: true)), .unlessBlank(.decimal("consultation_fee")),
        .boolean("is_available").or(true), .unlessBlank(.text("hospital_name", 0...200)),
        .unlessBlank(.text("city", 0...100)), .unlessBlank(.text("state", 0...100)),
        .unlessBlank(.text("country", 0...100)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (
            firstName, lastName, email, phone, specialization, licenseNumber, yearsOfExperience, qualification, bio,
            consultationFee, isAvailable, hospitalName, city, state, country
        ) = try Self.form.read(source)
    }

    /// ASCII letters and digits with hyphens between them.
    static func isLicense(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"): true
            default: false
            }
        } && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    /// The same under the keys it is read from: what a merge patch is laid over.
    package var json: JSONValue {
        [
            "first_name": .string(firstName), "last_name": .string(lastName), "email": .text(email?.text),
            "phone": .text(phone), "specialization": .string(specialization.rawValue),
            "license_number": .text(licenseNumber),
            "years_of_experience": yearsOfExperience.map { .integer(Int64($0)) } ?? .null,
            "qualification": .text(qualification), "bio": .text(bio), "consultation_fee": .text(consultationFee),
            "is_available": .bool(isAvailable), "hospital_name": .text(hospitalName), "city": .text(city),
            "state": .text(state), "country": .text(country),
        ]
    }

    /// A doctor of the demonstration: replaced by itself it stays what it is.
    package static let example: JSONValue? = [
        "first_name": "Emily", "last_name": "Chen", "email": "dr.emily@example.com", "phone": "555-9876",
        "specialization": "neurology", "license_number": "LIC-2024-007", "years_of_experience": 15,
        "qualification": "MD, PhD Neuroscience",
        "bio": "Board-certified neurologist specializing in epilepsy treatment.", "consultation_fee": "250.00",
        "is_available": true, "hospital_name": "City Medical Center", "city": "San Francisco", "state": "CA",
        "country": "USA",
    ]

    /// A doctor whom the demonstration does not know.
    package static let newExample: JSONValue = [
        "first_name": "Grace", "last_name": "Adeyemi", "email": "grace.adeyemi@example.com", "phone": "555-2468",
        "specialization": "pediatrics", "license_number": "LIC-2026-101", "years_of_experience": 12,
        "qualification": "MD, FAAP", "bio": "Pediatrician with a focus on asthma.", "consultation_fee": "120.00",
        "is_available": true, "hospital_name": "City Medical Center", "city": "Chicago", "state": "IL",
        "country": "USA",
    ]
}
