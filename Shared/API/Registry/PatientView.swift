import Forms
package import JSON
package import Kernel

/// A patient as its keeper sees it: first what seed 001 lists, in its order, then all the rest.
package struct PatientView: View {
    package let id: ID<Patient>
    package let firstName: JSONString
    package let lastName: JSONString
    package var email: JSONString?
    package var phone: JSONString?
    package var dateOfBirth: JSONString?
    package var gender: JSONString?
    package var bloodGroup: JSONString?
    package var allergies: JSONString?
    package var medicalHistory: JSONString?
    package var currentMedications: JSONString?
    package var emergencyContactName: JSONString?
    package var emergencyContactPhone: JSONString?
    package var address: JSONString?
    package var city: JSONString?
    package var state: JSONString?
    package var country: JSONString?
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Patient>, firstName: JSONString, lastName: JSONString, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<PatientView>(
        "Patient", .id("id") { $0.id }, .text("first_name") { $0.firstName },
        .text("last_name") { $0.lastName }, .maybe("email") { $0.email },
        .maybe("date_of_birth", .string(format: "date")) { $0.dateOfBirth }, .maybe("phone") { $0.phone },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt },
        .text("full_name") { $0.firstName.joined(with: $0.lastName) },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.rawValue))) { $0.gender },
        .maybe("blood_group", .string(oneOf: BloodGroup.allCases.map(\.rawValue))) { $0.bloodGroup },
        .maybe("allergies") { $0.allergies }, .maybe("medical_history") { $0.medicalHistory },
        .maybe("current_medications") { $0.currentMedications },
        .maybe("emergency_contact_name") { $0.emergencyContactName },
        .maybe("emergency_contact_phone") { $0.emergencyContactPhone }, .maybe("address") { $0.address },
        .maybe("city") { $0.city }, .maybe("state") { $0.state }, .maybe("country") { $0.country })
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
