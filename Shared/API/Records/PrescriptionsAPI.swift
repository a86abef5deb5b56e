package import Forms
package import Kernel

/// Prescriptions: written by doctors, read by whom they concern, revised and never changed.
package enum PrescriptionsAPI {
    static let declarations: [Declaration] = [
        create.declaration, list.declaration, show.declaration, versions.declaration, revise.declaration,
        document.declaration, attach.declaration, attachment.declaration, message.declaration,
    ]

    private static let tag = "Prescriptions"
    private static let readers: Access = .roles([.patient, .doctor, .hospital, .admin])

    package static let create = Endpoint(
        .post, "/api/records/prescriptions/create", "createPrescription", of: .records, for: .roles([.doctor]),
        takes: CreatePrescription.self, gives: Created<PrescriptionView>.self,
        says: "Prescription created successfully.",
        summary: """
            Prescribes for a visit, which is over then, or with access to the patient's records by `patient_id`. \
            `warnings` says what the checks found, and what could not be checked.
            """, tag: tag,
        refuses: [.notFound, .conflict, .accessRequired, .overrideRequired, .serviceUnavailable])

    package static let list = Endpoint(
        .get, "/api/records/prescriptions", "listPrescriptions", of: .records, for: readers,
        takes: PrescriptionsQuery.self, gives: Listing<PrescriptionView>.self,
        says: "Prescriptions retrieved successfully.",
        summary: """
            The newest version of each, the latest first: a patient's own, those a doctor wrote, those of a hospital; \
            with `patient_id` those of a patient whose records the doctor may read.
            """, tag: tag, refuses: [.accessRequired, .notFound])

    package static let show = Endpoint(
        .get, "/api/records/prescriptions/{id}", "getPrescription", of: .records, for: readers,
        takes: ByID<Prescription>.self, gives: Item<PrescriptionView>.self,
        says: "Prescription retrieved successfully.", summary: "The newest version.", tag: tag,
        refuses: [.notFound, .accessRequired])

    package static let versions = Endpoint(
        .get, "/api/records/prescriptions/{id}/versions", "listPrescriptionVersions", of: .records, for: readers,
        takes: PrescriptionVersionsQuery.self, gives: Listing<PrescriptionView>.self,
        says: "Versions retrieved successfully.", summary: "All versions, the newest first; none is ever changed.",
        tag: tag, refuses: [.notFound, .accessRequired])

    package static let revise = Endpoint(
        .post, "/api/records/prescriptions/{id}/revise", "revisePrescription", of: .records, for: .roles([.doctor]),
        takes: WithID<Prescription, PrescriptionBody>.self, gives: Created<PrescriptionView>.self,
        says: "Prescription revised successfully.",
        summary: "A new version by its author, the whole body; `If-Match` names the version it supersedes.", tag: tag,
        refuses: [
            .notFound, .accessRequired, .preconditionRequired, .preconditionFailed, .overrideRequired,
            .serviceUnavailable,
        ])

    package static let document = Endpoint(
        .get, "/api/records/prescriptions/{id}/document.pdf", "getPrescriptionDocument", of: .records, for: readers,
        takes: PrescriptionDocumentQuery.self, gives: Download.self, says: "Document made.",
        summary: "A PDF to print, of the newest version or the one asked for.", tag: tag,
        refuses: [.notFound, .accessRequired, .serviceUnavailable])

    package static let attach = Endpoint(
        .post, "/api/records/prescriptions/{id}/attachments", "attachToPrescription", of: .records,
        for: .roles([.doctor]), takes: AttachmentUpload.self, gives: Created<AttachmentView>.self,
        says: "Attachment added successfully.",
        summary: "Adds a file to a prescription, by its author alone. What files are taken: docs/files.md.", tag: tag,
        refuses: [
            .notFound, .accessRequired, .payloadTooLarge, .quotaExceeded, .unsupportedMediaType, .contentRefused,
            .infected, .malformedMultipart, .serviceUnavailable,
        ],
        bodyLimit: 110 * 1_048_576, within: .seconds(300))

    package static let attachment = Endpoint(
        .get, "/api/records/prescriptions/{id}/attachments/{attachment_id}", "downloadAttachment", of: .records,
        for: readers, takes: AttachmentPath.self, gives: Download.self, says: "Attachment sent.",
        summary: "A file of a prescription, whole or one range of it.", tag: tag,
        refuses: [.notFound, .accessRequired], within: .seconds(300))

    package static let message = Endpoint(
        .get, "/internal/prescriptions/{id}/message", "prescriptionMessage", of: .records, for: .services([.notifier]),
        takes: ByID<Prescription>.self, gives: Item<PrescriptionMessageView>.self, says: "Message retrieved.",
        summary: "What a message about a prescription says.", tag: "Internal", refuses: [.notFound],
        rate: .unlimited)
}

/// Which prescriptions.
package struct PrescriptionsQuery: Input {
    package let patient: ID<Patient>?
    package let page: PageRequest

    private static let form = Form(.optional(.id("patient_id", of: Patient.self, in: .query)), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (patient, page) = try Self.form.read(source) }
}

/// Which part of the versions of a prescription.
package struct PrescriptionVersionsQuery: Input {
    package let id: ID<Prescription>
    package let page: PageRequest

    private static let form = Form(.page)

    package static var properties: [Schema.Property] { ByID<Prescription>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        id = try ByID<Prescription>(source).id
        page = try Self.form.read(source)
    }
}

/// Which version is to be printed.
package struct PrescriptionDocumentQuery: Input {
    package let id: ID<Prescription>
    /// Nil for the newest.
    package let version: Int?

    private static let form = Form(.optional(.integer("version", 1...1_000_000, in: .query)))

    package static var properties: [Schema.Property] { ByID<Prescription>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        id = try ByID<Prescription>(source).id
        version = try Self.form.read(source)
    }
}
