package import API
import Chassis
import Kernel
import Postgres
import RecordsDomain
package import Web

/// `/api/records/prescriptions/{id}/attachments`: files with a prescription, added by its author alone and read by
/// whoever reads the prescription.
package struct Attachments: Sendable {
    let store: AttachmentStore
    let reads: Prescriptions
    let access: RecordAccess
    let keys: PatientKeys
    let intake: FileIntake
    let downloads: FileDownloads
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func add(_ input: AttachmentUpload, _ call: Call) async throws -> Created<AttachmentView> {
        let caller = try call.requireCaller()
        guard let prescription = try await reads.store.newest(input.prescription, as: Scope(caller)) else {
            throw try await reads.missing(input.prescription, to: .revise, call)
        }
        let record = try await access.open(
            AccessRequest(
                .revise, of: prescription.parties.patient, what: prescription.subject,
                author: prescription.parties.doctorAccount, hospital: prescription.parties.hospital), call)
        let key = try await keys.current(of: record.patient, account: record.account, at: clock.now)
        return try await intake.receive(input.file, under: key, until: call.deadline) { fields, file in
            let now = clock.now
            let attachment = AttachmentRecord(
                id: .make(at: now), prescription: prescription.id, patient: record.patient,
                uploadedBy: prescription.parties.doctorAccount,
                words: file.words(title: fields.title, description: nil), file: file.record, createdAt: now)
            return try await unit.write(call) { tx in
                try await intake.files.insert(file, by: attachment.uploadedBy, under: key, in: tx)
                try await store.insert(attachment, under: key, in: tx)
                try await access.note(record, what: attachment.subject, call, in: tx)
                try await ledger.note("attachment_added", about: prescription.subject, from: call.origin, in: tx)
                return Created(AttachmentView(attachment), at: attachment.path)
            }
        }
    }

    package func download(_ input: AttachmentPath, _ call: Call) async throws -> Download {
        let (prescription, scope) = try await reads.find(input.prescription, call)
        guard let found = try await store.find(input.attachment, of: prescription.id, as: scope) else {
            throw Problem.notFound
        }
        return try await downloads.download(
            found.file, of: found.patient, named: found.words, subject: found.subject, call)
    }
}

extension AttachmentRecord {
    /// What audit and access rows call it.
    var subject: String { "attachment/\(id)" }

    var path: String {
        PrescriptionsAPI.attachment.declaration.path.filled([prescription.description, id.description])
    }
}

extension AttachmentView {
    init(_ attachment: AttachmentRecord) {
        self.init(
            id: attachment.id, title: attachment.words.title, fileName: attachment.words.fileName,
            mediaType: attachment.file.kind.mediaType, size: attachment.file.size, digest: attachment.words.digest,
            createdAt: attachment.createdAt)
    }
}
