extension EventSource {
    package static let records = EventSource(
        name: "records", events: Event.ofAccess + Event.ofPrescriptions + Event.ofReports)
}

/// The events of access to patients' records. Each carries the ids of all whom it reaches, never a code or a reason.
extension Event {
    static let ofAccess: [any EventDeclaration] = [
        accessCodeRequested, accessGranted, accessRevoked, breakGlassOpened,
    ]

    package static let accessCodeRequested = EventType(
        "records.access_code_requested.v1", outside: "access.code_requested", AccessCodeFact.shape,
        audit: "otp_generated", means: "A doctor asks a patient for a code; its text message is wanted.")
    package static let accessGranted = EventType(
        "records.access_granted.v1", outside: "access.granted", AccessGrantFact.shape, audit: "otp_verified",
        means: "A doctor may read a patient's records for half an hour, by the patient's code.")
    package static let accessRevoked = EventType(
        "records.access_revoked.v1", outside: "access.revoked", AccessGrantFact.shape, audit: "grant_revoked",
        means: "A patient ended a doctor's access.")
    package static let breakGlassOpened = EventType(
        "records.glass_broken.v1", outside: "access.break_glass", AccessGrantFact.shape, audit: "break_glass_opened",
        means: "A doctor opened a patient's records without the patient.")
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

/// The events of reports. None says what a report holds.
extension Event {
    static let ofReports: [any EventDeclaration] = [reportUploaded, reportDeleted]

    package static let reportUploaded = EventType(
        "records.report_uploaded.v1", outside: "report.uploaded", ReportFact.shape, audit: "report_uploaded",
        means: "A file was added to a patient's records.")
    package static let reportDeleted = EventType(
        "records.report_deleted.v1", ReportFact.shape, audit: "report_deleted",
        means: "Whoever uploaded a report took it back; it is hidden.")
}
