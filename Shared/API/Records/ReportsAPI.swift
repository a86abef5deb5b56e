package import Kernel

/// Reports: files in a patient's records.
package enum ReportsAPI {
    static let declarations: [Declaration] = [
        upload.declaration, ofPatient.declaration, mine.declaration, show.declaration, download.declaration,
        delete.declaration,
    ]

    private static let tag = "Reports"
    private static let readers: Access = .roles([.patient, .doctor, .admin])
    private static let writers: Access = .roles([.patient, .doctor])

    package static let upload = Endpoint(
        .post, "/api/records/patients/{id}/reports/upload", "uploadReport", of: .records, for: writers,
        takes: ReportUpload.self, gives: Created<ReportView>.self, says: "Report uploaded successfully.",
        summary: """
            Adds a file to a patient's records: the patient's own, or by a doctor whom the patient let in or who \
            names a visit with them in `appointment_id`. Types, sizes and what content is refused: docs/files.md.
            """, tag: tag,
        refuses: [
            .notFound, .accessRequired, .payloadTooLarge, .quotaExceeded, .unsupportedMediaType, .contentRefused,
            .infected, .malformedMultipart, .serviceUnavailable,
        ],
        bodyLimit: 110 * 1_048_576, within: .seconds(300), of: .registeredPatient)

    package static let ofPatient = Endpoint(
        .get, "/api/records/patients/{id}/reports", "listPatientReports", of: .records, for: readers,
        takes: PatientReportsQuery.self, gives: Listing<ReportView>.self, says: "Reports retrieved successfully.",
        summary: "A patient's reports, the newest first; to a doctor by a visit those of the visit and their own.",
        tag: tag, refuses: [.notFound, .accessRequired], of: .registeredPatient)

    package static let mine = Endpoint(
        .get, "/api/records/my-reports", "listMyReports", of: .records, for: .roles([.patient]),
        takes: ReportsQuery.self, gives: Listing<ReportView>.self, says: "Reports retrieved successfully.",
        summary: "The caller's own reports, the newest first.", tag: tag)

    package static let show = Endpoint(
        .get, "/api/records/reports/{id}", "getReport", of: .records, for: readers, takes: ByID<Report>.self,
        gives: Item<ReportView>.self, says: "Report retrieved successfully.", summary: "A report without its bytes.",
        tag: tag, refuses: [.notFound, .accessRequired])

    package static let download = Endpoint(
        .get, "/api/records/reports/{id}/download", "downloadReport", of: .records, for: readers,
        takes: ByID<Report>.self, gives: Download.self, says: "Report sent.",
        summary: "A report's bytes, whole or one range of them.", tag: tag, refuses: [.notFound, .accessRequired],
        within: .seconds(300))

    package static let delete = Endpoint(
        .delete, "/api/records/reports/{id}", "deleteReport", of: .records, for: writers,
        takes: WithID<Report, DeleteReport>.self, gives: Done.self, says: "Report deleted successfully.",
        summary: "Hides a report that the caller uploaded within the last 24 hours.", tag: tag,
        refuses: [.notFound, .accessRequired, .conflict])
}
