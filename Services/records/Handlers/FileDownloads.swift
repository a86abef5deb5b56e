import API
import Chassis
import Kernel
import Observability
import RecordsDomain
import Web

/// The way of a stored file to who may read it: each part is opened as it is sent. A file that was lost or changed is
/// noted in the audit trail and answered as a fault of ours.
package struct FileDownloads: Sendable {
    let store: any FileStore
    let files: StoredFiles
    let unit: UnitOfWork
    let ledger: Ledger

    /// - Parameter subject: what the audit trail calls that which the file belongs to.
    func download(
        _ file: FileRecord, of patient: ID<Patient>, named words: FileWords, subject: String, _ call: Call
    ) async throws -> Download {
        let reader: SealedDownload
        do {
            reader = try await SealedDownload(
                file.id, try await files.key(of: file.id, patient), count: file.size, from: store)
        } catch {
            throw try await explained(error, subject, call)
        }
        return Download(
            name: words.fileName, mediaType: file.kind.mediaType, length: file.size, tag: words.digest
        ) { range, write in
            do { try await reader.read(range, write) } catch { throw try await explained(error, subject, call) }
        }
    }

    private func explained(_ error: any Error, _ subject: String, _ call: Call) async throws -> any Error {
        guard error is FileDamaged else { return FileExplanations.problem(error) ?? error }
        log.error("a stored file is damaged", ["subject": subject])
        _ = try await unit.write(call) { tx in
            try await ledger.note("file_damaged", about: subject, from: call.origin, in: tx)
            return Done()
        }
        return Problem.internalError
    }
}
