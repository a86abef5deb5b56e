extension EventSource {
    package static let registry = EventSource(
        name: "registry",
        events: [
            Event.patientCreated, Event.patientUpdated, Event.patientDeleted, Event.doctorCreated, Event.doctorUpdated,
            Event.doctorDeleted, Event.mappingCreated, Event.mappingDeleted, Event.providerRegistered,
            Event.providerVerified, Event.providerRejected, Event.hospitalRegistered, Event.hospitalApproved,
            Event.hospitalRejected, Event.hospitalUpdated, Event.hospitalDeleted, Event.hospitalDoctorCreated,
            Event.hospitalDoctorUpdated, Event.hospitalDoctorActivated, Event.hospitalDoctorDeactivated,
            Event.hospitalDoctorDeleted, Event.registeredPatientDeleted,
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
    package static let registeredPatientDeleted = EventType(
        "registry.registered_patient_deleted.v1", RegisteredPatientFact.shape, audit: "patient_deleted",
        copiedBy: ["identity"],
        means: "An administrator erased a registered patient's record; the account is let in no more.")
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

/// Hospitals, and the doctors they make. Identity keeps who of them is let in, so it is handed what decides that.
extension Event {
    package static let hospitalRegistered = EventType(
        "registry.hospital_registered.v1", outside: "hospital.registered", HospitalFact.shape,
        audit: "hospital_registered", means: "A hospital registered itself, and waits for approval.")
    package static let hospitalApproved = EventType(
        "registry.hospital_approved.v1", outside: "hospital.approved", HospitalFact.shape, audit: "hospital_approved",
        copiedBy: ["identity"], means: "An administrator approved a hospital: it and its doctors can log in.")
    package static let hospitalRejected = EventType(
        "registry.hospital_rejected.v1", outside: "hospital.rejected", HospitalFact.shape, audit: "hospital_rejected",
        copiedBy: ["identity"], means: "An administrator rejected a hospital: its logins and its doctors' ended.")
    package static let hospitalUpdated = EventType(
        "registry.hospital_updated.v1", HospitalFact.shape, audit: "hospital_updated",
        means: "What a hospital says of itself changed, or one of its departments.")
    package static let hospitalDeleted = EventType(
        "registry.hospital_deleted.v1", outside: "hospital.deactivated", HospitalFact.shape, audit: "hospital_deleted",
        copiedBy: ["identity"], means: "A hospital left the directory: its logins and its doctors' ended.")
    package static let hospitalDoctorCreated = EventType(
        "registry.hospital_doctor_created.v1", outside: "doctor.created", HospitalDoctorFact.shape,
        audit: "doctor_created", means: "A hospital made a doctor with an account.")
    package static let hospitalDoctorUpdated = EventType(
        "registry.hospital_doctor_updated.v1", HospitalDoctorFact.shape, audit: "doctor_updated",
        means: "The entry of a hospital's doctor changed.")
    package static let hospitalDoctorActivated = EventType(
        "registry.hospital_doctor_activated.v1", HospitalDoctorFact.shape, audit: "doctor_activated",
        copiedBy: ["identity"], means: "A hospital lets a doctor in again.")
    package static let hospitalDoctorDeactivated = EventType(
        "registry.hospital_doctor_deactivated.v1", outside: "doctor.deactivated", HospitalDoctorFact.shape,
        audit: "doctor_deactivated", copiedBy: ["identity"],
        means: "A hospital shut a doctor out, who is assigned no more; their sessions ended.")
    package static let hospitalDoctorDeleted = EventType(
        "registry.hospital_doctor_deleted.v1", HospitalDoctorFact.shape, audit: "doctor_deleted",
        copiedBy: ["identity"], means: "A hospital's doctor left the directory; their logins ended.")
}
