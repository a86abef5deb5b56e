import API
import RecordsDomain
import Web

/// Prescriptions, made and joined.
package struct PrescriptionHandlers: Sendable {
    package let reads: Prescriptions
    package let writing: PrescriptionWriting

    init(_ parts: Composition.Dependencies, table: MedicineTable, access: RecordAccess, keys: PatientKeys) {
        let store = PrescriptionStore(database: parts.database, keys: keys)
        reads = Prescriptions(
            store: store, access: access, appointments: parts.appointments,
            printer: PrescriptionPrinter(parts.printing))
        writing = PrescriptionWriting(
            parties: PrescribingParties(
                access: access, appointments: parts.appointments, directory: parts.directory),
            checks: PrescribingChecks(
                table: table,
                known: KnownHealthReader(
                    prescribing: parts.prescribing,
                    records: PatientHealthStore(database: parts.database, keys: keys))), store: store, keys: keys,
            access: access, prescribing: parts.prescribing, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
    }

    func serve(in routes: inout Routes) {
        routes.serve(PrescriptionsAPI.create, writing.create)
        routes.serve(PrescriptionsAPI.revise, writing.revise)
        routes.serve(PrescriptionsAPI.list, reads.list)
        routes.serve(PrescriptionsAPI.show, reads.show)
        routes.serve(PrescriptionsAPI.versions, reads.versions)
        routes.serve(PrescriptionsAPI.document, reads.document)
        routes.serve(PrescriptionsAPI.message, reads.message)
    }
}
