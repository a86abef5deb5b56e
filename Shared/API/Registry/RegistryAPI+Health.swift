package import Forms
package import JSON
package import Kernel

extension RegistryAPI {
    package static let patientHealth = Endpoint(
        .get, "/internal/patients/{id}/health", "patientHealth", of: .registry, for: .services([.records]),
        takes: PatientHealthQuery.self, gives: Item<PatientHealthView>.self, says: "Health read.",
        summary: "Who a patient is and what decides about medicines, for the checks of prescribing and the summary",
        tag: "Internal", refuses: [.notFound], rate: .unlimited)
}

/// Whose health is asked for.
package struct PatientHealthQuery: Input {
    package let patient: ID<Patient>
    /// Where they are treated: a record without an account is found beside the hospital that keeps it alone.
    package let hospital: ID<Hospital>?

    private static let form = Form(Field<ID<Hospital>?>.optional(.id("hospital_id", of: Hospital.self, in: .query)))

    package static var properties: [Schema.Property] { ByID<Patient>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        patient = try ByID<Patient>(source).id
        hospital = try Self.form.read(source)
    }
}

/// Who a patient is, and what registry knows of them that decides about medicines, as it was written; nil is not
/// recorded.
package struct PatientHealthView: View, Equatable {
    package var fullName: String?
    package var dateOfBirth: CalendarDate?
    package var gender: Gender?
    package var allergies: String?
    package var currentMedications: String?
    package var medicalHistory: String?

    package init() {}

    package static let shape = Shape<PatientHealthView>(
        "PatientHealth", .maybe("full_name") { $0.fullName }, .maybeDate("date_of_birth") { $0.dateOfBirth },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.rawValue))) { $0.gender?.rawValue },
        .maybe("allergies") { $0.allergies }, .maybe("current_medications") { $0.currentMedications },
        .maybe("medical_history") { $0.medicalHistory })

    /// As registry wrote it; nil for anything else. What cannot be read must not look like nothing recorded: medicines
    /// are checked by it.
    package init?(_ json: JSONValue) {
        let checked = ["allergies", "current_medications", "medical_history"].map { json[$0] }
        guard checked.allSatisfy({ $0 == .null || $0?.string != nil }) else { return nil }
        if let text = json["date_of_birth"]?.string {
            guard let date = CalendarDate(text) else { return nil }
            dateOfBirth = date
        }
        if let word = json["gender"]?.string {
            guard let known = Gender(rawValue: word) else { return nil }
            gender = known
        }
        fullName = json["full_name"]?.string
        allergies = json["allergies"]?.string
        currentMedications = json["current_medications"]?.string
        medicalHistory = json["medical_history"]?.string
    }
}
