package import Forms
package import JSON
package import Kernel

/// A patient as a client writes it. The names must be there; a blank text is the same as none.
package struct PatientBody: Input, Equatable {
    package var firstName: String
    package var lastName: String
    package var email: Email?
    package var phone: String?
    package var dateOfBirth: CalendarDate?
    package var gender: Gender?
    package var bloodGroup: BloodGroup?
    package var allergies: String?
    package var medicalHistory: String?
    package var currentMedications: String?
    package var emergencyContactName: String?
    package var emergencyContactPhone: String?
    package var address: String?
    package var city: String?
    package var state: String?
    package var country: String?

    package init(firstName: String, lastName: String) {
        self.firstName = firstName
        self.lastName = lastName
    }

    package static let form = Form(
        .text("first_name", 1...100), .text("last_name", 1...100), .unlessBlank(.email("email")),
        .unlessBlank(.localPhone("phone")), .unlessBlank(.birthDate("date_of_birth")),
        .unlessBlank(.choice("gender", Gender.spellings)),
        .unlessBlank(.choice("blood_group", BloodGroup.spellings)),
        .unlessBlank(.text("allergies", 0...5000, multiline: true)),
        .unlessBlank(.text("medical_history", 0...20_000, multiline: true)),
        .unlessBlank(.text("current_medications", 0...5000, multiline: true)),
        .unlessBlank(.text("emergency_contact_name", 0...200)), .unlessBlank(.localPhone("emergency_contact_phone")),
        .unlessBlank(.text("address", 0...500, multiline: true)), .unlessBlank(.text("city", 0...100)),
        .unlessBlank(.text("state", 0...100)), .unlessBlank(.text("country", 0...100)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (
            firstName, lastName, email, phone, dateOfBirth, gender, bloodGroup, allergies, medicalHistory,
            currentMedications, emergencyContactName, emergencyContactPhone, address, city, state, country
        ) = try Self.form.read(source)
    }

    /// The same under the keys it is read from: what a merge patch is laid over.
    package var json: JSONValue {
        [
            "first_name": .string(firstName), "last_name": .string(lastName), "email": .text(email?.text),
            "phone": .text(phone), "date_of_birth": .text(dateOfBirth?.description),
            "gender": .text(gender?.rawValue), "blood_group": .text(bloodGroup?.rawValue),
            "allergies": .text(allergies), "medical_history": .text(medicalHistory),
            "current_medications": .text(currentMedications),
            "emergency_contact_name": .text(emergencyContactName),
            "emergency_contact_phone": .text(emergencyContactPhone), "address": .text(address),
            "city": .text(city), "state": .text(state), "country": .text(country),
        ]
    }

    /// A patient of the demonstration: replaced by themselves they stay who they are.
    package static let example: JSONValue? = [
        "first_name": "John", "last_name": "Doe", "email": "john.doe@example.com", "phone": "555-1234",
        "date_of_birth": "1985-06-15", "gender": "M", "blood_group": "O+", "allergies": "Penicillin",
        "medical_history": "Hypertension diagnosed 2020", "current_medications": "Lisinopril 10mg",
        "emergency_contact_name": "Jane Doe", "emergency_contact_phone": "555-5678", "address": "123 Main St",
        "city": "Chicago", "state": "IL", "country": "USA",
    ]

    /// A patient whom the demonstration does not know.
    package static let newExample: JSONValue = [
        "first_name": "Ada", "last_name": "King", "email": "ada.king@example.com", "phone": "555-1843",
        "date_of_birth": "1990-12-10", "gender": "F", "blood_group": "AB+", "allergies": "Latex",
        "medical_history": "Asthma since childhood", "current_medications": "Salbutamol as needed",
        "emergency_contact_name": "William King", "emergency_contact_phone": "555-1815", "address": "12 St James Sq",
        "city": "Boston", "state": "MA", "country": "USA",
    ]
}
