import Forms
import JSON
package import Kernel

/// What registering answers (seed 003).
package struct NewPatientView: View {
    package let id: ID<Patient>
    package let email: String
    package let phone: String

    package init(id: ID<Patient>, email: String, phone: String) {
        self.id = id
        self.email = email
        self.phone = phone
    }

    package static let shape = Shape<NewPatientView>(
        "NewPatient", .id("patient_id") { $0.id }, .text("email") { $0.email },
        .text("phone_number") { $0.phone }, .boolean("email_verified") { _ in false },
        .boolean("phone_verified") { _ in false })
}

/// A registered patient in the words of seed 003. What was emptied through `/api/patients` since is null.
package struct PatientProfileView: View {
    package let id: ID<Patient>
    package let firstName: String
    package let lastName: String
    package let email: String?
    package let phone: String?
    package let dateOfBirth: CalendarDate?
    package let gender: Gender?
    package let address: Address
    package let emergencyContact: EmergencyContact?
    package let medicalHistory: [String]
    package let insurance: InsuranceInfo?
    package let standing: Standing

    /// An address of which parts may be missing.
    package struct Address: View {
        package let street: String?
        package let city: String?
        package let state: String?
        package let zip: String?

        package init(street: String?, city: String?, state: String?, zip: String?) {
            self.street = street
            self.city = city
            self.state = state
            self.zip = zip
        }

        package static let shape = Shape<Address>(
            "PatientAddress", .maybe("street") { $0.street }, .maybe("city") { $0.city },
            .maybe("state") { $0.state }, .maybe("zip") { $0.zip })
    }

    /// What is not the patient's to write.
    package struct Standing: Sendable {
        package let isEmailVerified: Bool
        package let isPhoneVerified: Bool
        package let isActive: Bool
        package let createdAt: Instant
        package let updatedAt: Instant

        package init(
            isEmailVerified: Bool, isPhoneVerified: Bool, isActive: Bool, createdAt: Instant, updatedAt: Instant
        ) {
            self.isEmailVerified = isEmailVerified
            self.isPhoneVerified = isPhoneVerified
            self.isActive = isActive
            self.createdAt = createdAt
            self.updatedAt = updatedAt
        }
    }

    package init(
        id: ID<Patient>, firstName: String, lastName: String, email: String?, phone: String?,
        dateOfBirth: CalendarDate?, gender: Gender?, address: Address, emergencyContact: EmergencyContact?,
        medicalHistory: [String], insurance: InsuranceInfo?, standing: Standing
    ) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
        self.dateOfBirth = dateOfBirth
        self.gender = gender
        self.address = address
        self.emergencyContact = emergencyContact
        self.medicalHistory = medicalHistory
        self.insurance = insurance
        self.standing = standing
    }

    package static let shape = Shape<PatientProfileView>(
        "PatientProfile", .id("id") { $0.id }, .id("patient_id") { $0.id }, .text("first_name") { $0.firstName },
        .text("last_name") { $0.lastName }, .maybe("email") { $0.email }, .maybe("phone_number") { $0.phone },
        .maybeDate("date_of_birth") { $0.dateOfBirth },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.word))) { $0.gender?.word },
        .view("address") { $0.address }, .maybeView("emergency_contact") { $0.emergencyContact },
        ViewField("medical_history", .array(of: .string)) { view, json in
            json.array { json in
                for entry in view.medicalHistory { json.string(entry) }
            }
        },
        .maybeView("insurance_info") { $0.insurance }, .boolean("email_verified") { $0.standing.isEmailVerified },
        .boolean("phone_verified") { $0.standing.isPhoneVerified }, .boolean("is_active") { $0.standing.isActive },
        .instant("created_at") { $0.standing.createdAt }, .instant("updated_at") { $0.standing.updatedAt })
}
