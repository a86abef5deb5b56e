import API
import RecordsDomain
import Web

/// Prescriptions, made and joined.
package struct PrescriptionHandlers: Sendable {
    package let reads: Prescriptions
    package let writing: PrescriptionWriting
    let attachments: Attachments
    let summaries: Summaries

    init(
        _ parts: Composition.Dependencies, table: MedicineTable, access: RecordAccess, keys: PatientKeys,
        files: FileParts
    ) {
        let store = PrescriptionStore(database: parts.database, keys: keys)
        let attached = AttachmentStore(database: parts.database, keys: keys)
        reads = Prescriptions(
            store: store, attachments: attached, access: access, appointments: parts.appointments,
            printer: PrescriptionPrinter(parts.printing))
        writing = PrescriptionWriting(
            parties: PrescribingParties(
                access: access, appointments: parts.appointments, directory: parts.directory),
            checks: PrescribingChecks(
                table: table,
                known: KnownHealthReader(
                    prescribing: parts.prescribing,
                    records: PatientHealthStore(database: parts.database, keys: keys))), store: store,
            attachments: attached, keys: keys, access: access, prescribing: parts.prescribing, unit: parts.unit,
            ledger: parts.ledger,
            clock: parts.clock)
        attachments = Attachments(
            store: attached, reads: reads, access: access, keys: keys, intake: files.intake,
            downloads: files.downloads, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        summaries = Summaries(
            access: access, appointments: parts.appointments, prescribing: parts.prescribing,
            health: PatientHealthStore(database: parts.database, keys: keys), prescriptions: store,
            attachments: attached, reports: ReportStore(database: parts.database, keys: keys))
    }

    func serve(in routes: inout Routes) {
        routes.serve(PrescriptionsAPI.create, writing.create)
        routes.serve(PrescriptionsAPI.revise, writing.revise)
        routes.serve(PrescriptionsAPI.list, reads.list)
        routes.serve(PrescriptionsAPI.show, reads.show)
        routes.serve(PrescriptionsAPI.versions, reads.versions)
        routes.serve(PrescriptionsAPI.document, reads.document)
        routes.serve(PrescriptionsAPI.attach, attachments.add)
        routes.serve(PrescriptionsAPI.attachment, attachments.download)
        routes.serve(SummaryAPI.show, summaries.show)
        routes.serve(PrescriptionsAPI.message, reads.message)
    }
}
