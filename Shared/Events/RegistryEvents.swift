extension EventSource {
    package static let registry = EventSource(
        name: "registry",
        events: [
            Event.patientCreated, Event.patientUpdated, Event.patientDeleted, Event.doctorCreated, Event.doctorUpdated,
            Event.doctorDeleted, Event.mappingCreated, Event.mappingDeleted, Event.providerRegistered,
            Event.providerVerified, Event.providerRejected,
        ])
}

/// The events of registry: records and directory entries coming, changing and going.
extension Event {
    package static let patientCreated = EventType(
        "registry.patient_created.v1", PatientFact.shape, audit: "patient.created", means: "A patient record was made.")
    package static let patientUpdated = EventType(
        "registry.patient_updated.v1", PatientFact.shape, audit: "patient.updated", means: "A patient record changed.")
    package static let patientDeleted = EventType(
        "registry.patient_deleted.v1", PatientFact.shape, audit: "patient.deleted",
        means: "A patient record is gone, its mappings with it.")
    package static let doctorCreated = EventType(
        "registry.doctor_created.v1", DoctorFact.shape, audit: "doctor.created",
        means: "A doctor was added to the directory.")
    package static let doctorUpdated = EventType(
        "registry.doctor_updated.v1", DoctorFact.shape, audit: "doctor.updated", means: "A directory entry changed.")
    package static let doctorDeleted = EventType(
        "registry.doctor_deleted.v1", DoctorFact.shape, audit: "doctor.deleted",
        means: "A directory entry is gone, its mappings with it.")
    package static let mappingCreated = EventType(
        "registry.mapping_created.v1", MappingFact.shape, audit: "mapping.created",
        means: "A doctor was assigned to a patient.")
    package static let mappingDeleted = EventType(
        "registry.mapping_deleted.v1", MappingFact.shape, audit: "mapping.deleted",
        means: "A doctor is no longer assigned to a patient.")
    package static let providerRegistered = EventType(
        "registry.provider_registered.v1", ProviderFact.shape, audit: "provider.registered",
        means: "A provider registered themselves.")
    package static let providerVerified = EventType(
        "registry.provider_verified.v1", ProviderFact.shape, audit: "provider.verified",
        means: "An administrator verified a provider.")
    package static let providerRejected = EventType(
        "registry.provider_rejected.v1", ProviderFact.shape, audit: "provider.rejected",
        means: "An administrator rejected a provider.")
}
