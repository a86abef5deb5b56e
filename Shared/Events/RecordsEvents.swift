extension EventSource {
    package static let records = EventSource(name: "records", events: Event.ofPrescriptions)
}

/// The events of prescriptions. Each carries the ids of all whom it reaches, and nothing that says what is prescribed.
extension Event {
    static let ofPrescriptions: [any EventDeclaration] = [prescriptionCreated, prescriptionRevised]

    package static let prescriptionCreated = EventType(
        "records.prescription_created.v1", outside: "prescription.created", PrescriptionFact.shape,
        audit: "prescription_created", means: "A doctor prescribed; the visit it was written for is over.")
    package static let prescriptionRevised = EventType(
        "records.prescription_revised.v1", outside: "prescription.revised", PrescriptionFact.shape,
        audit: "prescription_revised", means: "A prescription has a new version.")
}
