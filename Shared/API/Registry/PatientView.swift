import Forms
package import Kernel

/// A patient as its keeper sees it: first what seed 001 lists, in its order, then all the rest.
package struct PatientView: View {
    package let id: ID<Patient>
    package let body: PatientBody
    package let fullName: String
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: ID<Patient>, body: PatientBody, fullName: String, createdAt: Instant, updatedAt: Instant) {
        (self.id, self.body, self.fullName) = (id, body, fullName)
        (self.createdAt, self.updatedAt) = (createdAt, updatedAt)
    }

    package static let shape = Shape<PatientView>(
        "Patient", .id("id") { $0.id }, .text("first_name") { $0.body.firstName },
        .text("last_name") { $0.body.lastName }, .maybe("email") { $0.body.email?.text },
        .maybeDate("date_of_birth") { $0.body.dateOfBirth }, .maybe("phone") { $0.body.phone },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt },
        .text("full_name") { $0.fullName },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.rawValue))) { $0.body.gender?.rawValue },
        .maybe("blood_group", .string(oneOf: BloodGroup.allCases.map(\.rawValue))) { $0.body.bloodGroup?.rawValue },
        .maybe("allergies") { $0.body.allergies }, .maybe("medical_history") { $0.body.medicalHistory },
        .maybe("current_medications") { $0.body.currentMedications },
        .maybe("emergency_contact_name") { $0.body.emergencyContactName },
        .maybe("emergency_contact_phone") { $0.body.emergencyContactPhone }, .maybe("address") { $0.body.address },
        .maybe("city") { $0.body.city }, .maybe("state") { $0.body.state }, .maybe("country") { $0.body.country })
}

/// Whose doctors a list shows.
package struct PatientName: View {
    package let id: ID<Patient>
    package let fullName: String

    package init(id: ID<Patient>, fullName: String) { (self.id, self.fullName) = (id, fullName) }

    package static let shape = Shape<PatientName>(
        "PatientName", .id("id") { $0.id }, .text("full_name") { $0.fullName })
}
