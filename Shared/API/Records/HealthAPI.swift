package import Forms
package import JSON
package import Kernel

/// What whoever treats a patient must know: allergies, medicines taken, history.
package enum HealthAPI {
    static let declarations: [Declaration] = [show.declaration, replace.declaration]

    private static let tag = "Records"

    package static let show = Endpoint(
        .get, "/api/records/patients/{id}/health", "getPatientHealth", of: .records, for: .roles([.patient, .doctor]),
        takes: ByID<Patient>.self, gives: Item<HealthRecordView>.self, says: "Health record retrieved successfully.",
        summary: "Allergies, current medicines and history; a doctor needs a grant or a current visit", tag: tag,
        refuses: [.accessRequired, .notFound, .serviceUnavailable], of: .registeredPatient)

    package static let replace = Endpoint(
        .put, "/api/records/patients/{id}/health", "replacePatientHealth", of: .records,
        for: .roles([.patient, .doctor]),
        takes: WithID<Patient, HealthBody>.self, gives: Item<HealthRecordView>.self,
        says: "Health record updated successfully.", summary: "Writes down allergies, current medicines and history",
        tag: tag, refuses: [.accessRequired, .notFound, .preconditionFailed, .serviceUnavailable],
        of: .registeredPatient)
}

/// Allergies, medicines and history as they are written; texts, or lists of texts.
package struct HealthBody: Input, Equatable {
    package let allergies: String?
    package let currentMedications: String?
    package let medicalHistory: String?
    /// Nil where it follows from the allergies.
    package let allergiesKnown: AllergiesKnown?

    private static let form = Form(
        .optional(.textOrTexts("allergies", 0...2000)), .optional(.textOrTexts("current_medications", 0...2000)),
        .optional(.textOrTexts("medical_history", 0...5000)), .optional(Field<AllergiesKnown>.choice("allergies_known"))
    )

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (allergies, currentMedications, medicalHistory, allergiesKnown) = try Self.form.read(source)
    }

    package static let example: JSONValue? = [
        "allergies": "Penicillin", "current_medications": ["Metformin 500 mg"],
        "medical_history": "Type 2 diabetes since 2019", "allergies_known": "recorded",
    ]
}

/// What is written down, as it was written.
package struct HealthRecordView: View, Equatable {
    package let patient: ID<Patient>
    package let allergies: String?
    package let currentMedications: String?
    package let medicalHistory: String?
    package let allergiesKnown: AllergiesKnown
    /// Nil where nothing was ever written down.
    package let updatedAt: Instant?

    package init(
        patient: ID<Patient>, allergies: String?, currentMedications: String?, medicalHistory: String?,
        allergiesKnown: AllergiesKnown, updatedAt: Instant?
    ) {
        self.patient = patient
        self.allergies = allergies
        self.currentMedications = currentMedications
        self.medicalHistory = medicalHistory
        self.allergiesKnown = allergiesKnown
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<HealthRecordView>(
        "HealthRecord", .id("patient_id") { $0.patient }, .maybe("allergies") { $0.allergies },
        .maybe("current_medications") { $0.currentMedications }, .maybe("medical_history") { $0.medicalHistory },
        .choice("allergies_known", AllergiesKnown.allCases.map(\.rawValue)) { $0.allergiesKnown.rawValue },
        .maybeInstant("updated_at") { $0.updatedAt })
}
