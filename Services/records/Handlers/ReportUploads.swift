package import API
import Chassis
import Events
import Kernel
import RecordsDomain
package import Web

/// Adding files to a patient's records. The file comes first, its rows after: no row is ever without its file, and a
/// file without rows is swept away.
package struct ReportUploads: Sendable {
    let store: ReportStore
    let access: RecordAccess
    let keys: PatientKeys
    let intake: FileIntake
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func upload(_ input: ReportUpload, _ call: Call) async throws -> Created<ReportView> {
        let record = try await access.open(
            AccessRequest(.uploadReport, of: input.patient, what: "reports", appointment: input.appointment), call)
        let key = try await keys.current(of: input.patient, account: record.account, at: clock.now)
        return try await intake.receive(input.file, under: key, until: call.deadline) { fields, file in
            let visit = try await visit(fields, input, record, call)
            let report = try report(fields, file, visit, record, call)
            let readers = try await access.grants.readers(of: report.patient, atMost: ReportFact.limit)
            return try await unit.write(call) { tx in
                try await intake.files.insert(file, by: report.uploadedBy, under: key, in: tx)
                try await store.insert(report, under: key, in: tx)
                try await access.note(record, what: report.subject, call, in: tx)
                try await ledger.record(.reportUploaded(report.fact(for: readers)), from: call.origin, in: tx)
                return Created(
                    ReportView(report), at: ReportsAPI.show.declaration.path.filled([report.id.description]))
            }
        }
    }

    /// The visit that the report belongs to: the one a doctor has named before, or one of the patient's.
    private func visit(
        _ fields: ReportFields, _ input: ReportUpload, _ record: OpenRecord, _ call: Call
    ) async throws -> AppointmentPartiesView? {
        guard let id = fields.appointment ?? input.appointment else { return nil }
        if let visit = record.appointment, visit.id == id { return visit }
        let visit = try await access.appointments.appointment(id, for: call.origin, until: call.deadline)
        let caller = try call.requireCaller()
        guard let visit, visit.patient == input.patient,
            caller.role != .doctor || visit.doctorAccount == caller.account
        else { throw Problem.field("appointment_id", "There is no such appointment.") }
        return visit
    }

    private func report(
        _ fields: ReportFields, _ file: NewFile, _ visit: AppointmentPartiesView?, _ record: OpenRecord, _ call: Call
    ) throws -> ReportRecord {
        let caller = try call.requireCaller()
        let now = clock.now
        return ReportRecord(
            id: .make(at: now), patient: record.patient, patientAccount: record.account, uploadedBy: caller.account,
            uploaderRole: caller.role, doctorAccount: caller.role == .doctor ? caller.account : visit?.doctorAccount,
            appointment: visit?.id, type: fields.type, date: fields.date,
            words: file.words(title: fields.title, description: fields.description), file: file.record,
            createdAt: now)
    }
}

extension ReportRecord {
    /// What audit and access rows call it.
    var subject: String { "report/\(id)" }

    /// - Parameter readers: doctors with a grant.
    func fact(for readers: [ID<Account>] = []) -> ReportFact {
        ReportFact(
            report: id, patient: patient, patientAccount: patientAccount, uploadedBy: uploadedBy,
            doctorAccount: doctorAccount, appointment: appointment, readers: readers)
    }
}

extension ReportView {
    init(_ report: ReportRecord) {
        self.init(
            id: report.id, patient: report.patient, title: report.words.title, type: report.type, date: report.date,
            description: report.words.description, fileName: report.words.fileName,
            mediaType: report.file.kind.mediaType, size: report.file.size, digest: report.words.digest,
            appointment: report.appointment, uploadedBy: report.uploadedBy, uploaderRole: report.uploaderRole,
            createdAt: report.createdAt)
    }
}
