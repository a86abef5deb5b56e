import Forms
package import JSON
package import Kernel

/// A patient as its keeper sees it: first what seed 001 lists, in its order, then all the rest.
package struct PatientView: View {
    /// What is written as it is kept; the number of a text in `texts`.
    package enum Text: Int, Sendable {
        case firstName, lastName, email, phone, dateOfBirth, gender, bloodGroup, allergies, medicalHistory
        case currentMedications, emergencyContactName, emergencyContactPhone, address, city, state, country
    }

    package let id: ID<Patient>
    package let texts: JSONStrings
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: ID<Patient>, texts: JSONStrings, createdAt: Instant, updatedAt: Instant) {
        self.id = id
        self.texts = texts
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<PatientView>(
        "Patient", .id("id") { $0.id }, name("first_name", .firstName), name("last_name", .lastName),
        maybe("email", .email), maybe("date_of_birth", .dateOfBirth, .string(format: "date")), maybe("phone", .phone),
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt },
        ViewField("full_name", .string) { $1.string(Text.firstName.rawValue, Text.lastName.rawValue, of: $0.texts) },
        maybe("gender", .gender, .string(oneOf: Gender.allCases.map(\.rawValue))),
        maybe("blood_group", .bloodGroup, .string(oneOf: BloodGroup.allCases.map(\.rawValue))),
        maybe("allergies", .allergies), maybe("medical_history", .medicalHistory),
        maybe("current_medications", .currentMedications), maybe("emergency_contact_name", .emergencyContactName),
        maybe("emergency_contact_phone", .emergencyContactPhone), maybe("address", .address), maybe("city", .city),
        maybe("state", .state), maybe("country", .country))

    private static func name(_ key: StaticString, _ text: Text) -> ViewField<PatientView> {
        ViewField(key, .string) { $1.string(text.rawValue, of: $0.texts) }
    }

    private static func maybe(
        _ key: StaticString, _ text: Text, _ schema: Schema = .string
    ) -> ViewField<PatientView> {
        ViewField(key, schema.nullable) { $1.string(text.rawValue, of: $0.texts) }
    }
}

extension JSONStrings {
    package mutating func set(_ text: PatientView.Text, at place: Range<Int>?) { set(text.rawValue, at: place) }

    package mutating func append(_ text: PatientView.Text, _ value: String?) { append(text.rawValue, value) }
}

/// Whose doctors a list shows.
package struct PatientName: View {
    package let id: ID<Patient>
    package let fullName: String

    package init(id: ID<Patient>, fullName: String) {
        self.id = id
        self.fullName = fullName
    }

    package static let shape = Shape<PatientName>(
        "PatientName", .id("id") { $0.id }, .text("full_name") { $0.fullName })
}
