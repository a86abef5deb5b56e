import API
import Files
import Kernel
import Lifecycle
import Net
import Observability
import Outbound
import Postgres
import RecordsDomain

/// A file that came whole and is what its name says; it is not in the store yet.
struct TakenFile: Sendable {
    let upload: SealedUpload
    let name: FileName
    let kind: FileKind
    /// Of its key, for its row.
    let wrapped: [UInt8]
    /// SHA-256, in hexadecimal.
    let digest: String
}

/// A file in the store whose rows are still to be written.
package struct NewFile: Sendable {
    let record: FileRecord
    let name: FileName
    /// Of its key, for its row.
    let wrapped: [UInt8]
    /// SHA-256, in hexadecimal.
    let digest: String
    let store: FileStoreKind

    func words(title: String, description: String?) -> FileWords {
        FileWords(title: title, description: description, fileName: name.text, digest: digest)
    }
}

extension FileIntake {
    /// Receives a form, puts its file into the store, and has `keep` write the rows. A file without rows is removed at
    /// once; where nobody knows whether they were written, it stays, and the sweeper decides.
    func receive<Fields: Input, Answer>(
        _ form: Upload<Fields>, under key: PatientKey, until deadline: Deadline,
        keep: (Fields, NewFile) async throws -> Answer
    ) async throws -> Answer {
        try await explaining {
            let used = try await files.used(by: key.name.patient)
            guard used < limits.quota else { throw Problem.quotaExceeded }
            let (fields, taken) = try await receive(form, under: key)
            do {
                guard used + taken.upload.count <= limits.quota else { throw Problem.quotaExceeded }
                let file = try await store(taken, until: deadline)
                return try await rows(of: file) { try await keep(fields, file) }
            } catch {
                await taken.upload.discard()
                throw error
            }
        }
    }

    /// A file that was taken and whose fields are wrong is given up.
    private func receive<Fields: Input>(
        _ form: Upload<Fields>, under key: PatientKey
    ) async throws -> (fields: Fields, file: TakenFile) {
        let taken = Locked<TakenFile?>(nil)
        do {
            return try await form.receive(fileUpTo: limits.size) { file in
                let file = try await take(file, under: key)
                taken.withLock { $0 = file }
                return file
            }
        } catch {
            await taken.withLock { $0 }?.upload.discard()
            throw error
        }
    }

    /// Asks the scanner, where there is one, and puts the file into the store.
    private func store(_ file: TakenFile, until deadline: Deadline) async throws -> NewFile {
        let upload = file.upload
        var scannedAt: Instant?
        if let scanner {
            guard try await scanner.isClean(upload.count, until: deadline, { try await upload.read($0) }) else {
                throw Problem(.infected, "The file is known to do harm.")
            }
            scannedAt = clock.now
        }
        try await upload.keep(in: store)
        let record = FileRecord(
            id: upload.id, kind: file.kind, size: upload.count, storedAt: clock.now, scannedAt: scannedAt)
        return NewFile(
            record: record, name: file.name, wrapped: file.wrapped, digest: file.digest, store: store.kind)
    }

    private func rows<Answer>(of file: NewFile, _ write: () async throws -> Answer) async throws -> Answer {
        do { return try await write() } catch {
            if !(error is CommitOutcomeUnknown) { try? await store.remove(file.record.id) }
            throw error
        }
    }

    private func explaining<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
        do { return try await work() } catch {
            guard let problem = FileExplanations.problem(error) else { throw error }
            log.warning("a file could not be stored", ["error": String(describing: type(of: error))])
            throw problem
        }
    }
}

extension Problem {
    static let quotaExceeded = Problem(.quotaExceeded, "The patient's records have no room for more files.")
}

/// What a caller is told of trouble with files.
enum FileExplanations {
    /// Nil for what is no trouble with files.
    static func problem(_ error: any Error) -> Problem? {
        switch error {
        case is FileFault, is FileStoreFault, is ScannerFault, is PoolIsFull, is OutboundFault:
            .unavailable(retryAfter: 5)
        default: nil
        }
    }
}
