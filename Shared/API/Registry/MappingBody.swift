package import Forms
package import JSON
package import Kernel

/// Which doctor is to care for which patient.
package struct MappingBody: Input, Equatable {
    package let patient: ID<Patient>
    package let doctor: ID<Doctor>
    package let isPrimary: Bool
    package let notes: String?

    package init(patient: ID<Patient>, doctor: ID<Doctor>, isPrimary: Bool = false, notes: String? = nil) {
        self.patient = patient
        self.doctor = doctor
        self.isPrimary = isPrimary
        self.notes = notes
    }

    package static let form = Form(
        .id("patient", of: Patient.self), .id("doctor", of: Doctor.self), .boolean("is_primary").or(false),
        .unlessBlank(.text("notes", 0...5000, multiline: true)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (patient, doctor, isPrimary, notes) = try Self.form.read(source) }

    package static let example: JSONValue? = [
        "patient": DemoRecord.patientWithoutDoctor.example, "doctor": DemoRecord(Doctor.self).example,
        "is_primary": true, "notes": "Referred for cardiac evaluation",
    ]
}

/// Which of the caller's mappings are asked for.
package struct MappingsQuery: Input {
    package let patient: ID<Patient>?
    package let doctor: ID<Doctor>?
    package let isPrimary: Bool?
    package let page: PageRequest

    package init(
        patient: ID<Patient>? = nil, doctor: ID<Doctor>? = nil, isPrimary: Bool? = nil,
        page: PageRequest = PageRequest()
    ) {
        self.patient = patient
        self.doctor = doctor
        self.isPrimary = isPrimary
        self.page = page
    }

    package static let form = Form(
        .unlessBlank(.id("patient_id", of: Patient.self, in: .query)),
        .unlessBlank(.id("doctor_id", of: Doctor.self, in: .query)),
        .unlessBlank(.boolean("is_primary", in: .query)), .page)

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (patient, doctor, isPrimary, page) = try Self.form.read(source) }
}
