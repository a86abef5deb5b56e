import Forms
package import Kernel

/// A doctor caring for a patient, the doctor's entry with it.
package struct MappingView: View {
    package let id: ID<Mapping>
    package let patient: ID<Patient>
    package let doctor: DoctorView
    package let isPrimary: Bool
    package let notes: String?
    package let assignedAt: Instant

    package init(
        id: ID<Mapping>, patient: ID<Patient>, doctor: DoctorView, isPrimary: Bool, notes: String?, assignedAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.doctor = doctor
        self.isPrimary = isPrimary
        self.notes = notes
        self.assignedAt = assignedAt
    }

    package static let shape = Shape<MappingView>(
        "Mapping", .id("id") { $0.id }, .id("patient") { $0.patient }, .id("doctor") { $0.doctor.id },
        .view("doctor_detail") { $0.doctor }, .boolean("is_primary") { $0.isPrimary }, .maybe("notes") { $0.notes },
        .instant("assigned_at") { $0.assignedAt })
}

/// All doctors of one patient; its fields stand beside `success` (seed 002).
package struct PatientDoctors: View {
    package let patient: PatientName
    package let mappings: [MappingView]

    package init(patient: PatientName, mappings: [MappingView]) {
        self.patient = patient
        self.mappings = mappings
    }

    package static let shape = Shape<PatientDoctors>(
        "PatientDoctors", .view("patient") { $0.patient }, .integer("count") { $0.mappings.count },
        .views("data") { $0.mappings })
}
