import API
import Crypto
package import Files
package import Kernel
import RecordsDomain

/// What files are taken, and how much of them.
package struct FileLimits: Sendable {
    /// Bytes of one file.
    package let size: Int
    /// Bytes of all files of one patient.
    package let quota: Int
    /// In lower case, each of a kind that is known.
    package let extensions: Set<String>

    package init(size: Int, quota: Int, extensions: Set<String>) {
        self.size = size
        self.quota = quota
        self.extensions = extensions
    }
}

/// The way of an uploaded file to the store: in one pass, sealed as it comes, looked at by what it holds.
package struct FileIntake: Sendable {
    let tree: FileTree
    let store: any FileStore
    let files: StoredFiles
    /// Nil where no scanner is set up.
    let scanner: (any Scanner)?
    let limits: FileLimits
    let clock: any WallClock

    package init(
        tree: FileTree, store: any FileStore, files: StoredFiles, scanner: (any Scanner)?, limits: FileLimits,
        clock: any WallClock
    ) {
        self.tree = tree
        self.store = store
        self.files = files
        self.scanner = scanner
        self.limits = limits
        self.clock = clock
    }

    /// Receives a file; what it throws ends the request, and nothing is left of it.
    func take(_ file: UploadedFile, under key: PatientKey) async throws -> TakenFile {
        let name = FileName(file.name)
        guard let ending = name.extension, limits.extensions.contains(ending), let kind = FileKind(extension: ending)
        else {
            throw Problem.field(
                "file", "Send a file of one of these types: \(limits.extensions.sorted().joined(separator: ", ")).")
        }
        let id = ID<StoredFile>.make(at: clock.now)
        let (fileKey, wrapped) = try key.makeFileKey(for: id)
        let upload = try await SealedUpload(id, fileKey, in: tree, headCount: FileKind.headCount)
        do {
            let digest = try await receive(file, of: kind, into: upload)
            return TakenFile(upload: upload, name: name, kind: kind, wrapped: wrapped, digest: Hex.encode(digest))
        } catch {
            await upload.discard()
            throw error
        }
    }

    private func receive(_ file: UploadedFile, of kind: FileKind, into upload: SealedUpload) async throws -> [UInt8] {
        var isChecked = false
        for try await bytes in file {
            try await upload.add(bytes)
            if !isChecked, upload.head.count == FileKind.headCount {
                try check { () throws(ContentRefusal) in try kind.check(upload.head) }
                isChecked = true
            }
        }
        if upload.count == 0 { throw Problem.field("file", "The submitted file is empty.") }
        if !isChecked { try check { () throws(ContentRefusal) in try kind.check(upload.head) } }
        let digest = try await upload.finish()
        if kind == .docx { try await checkDirectory(of: upload) }
        return digest
    }

    private func checkDirectory(of upload: SealedUpload) async throws {
        let count = upload.count
        let tail = try await upload.read(max(0, count - ZipDirectory.tailCount)..<count)
        var place: (bytes: Range<Int>, entries: Int) = (0..<0, 0)
        try check { () throws(ContentRefusal) in place = try DocxCheck.place(tail: tail, of: count) }
        let bytes = try await upload.read(place.bytes)
        try check { () throws(ContentRefusal) in
            guard let directory = ZipDirectory(bytes, at: place.bytes.lowerBound, entries: place.entries) else {
                throw .notDocx
            }
            try DocxCheck.check(directory, of: count)
        }
    }

    private func check(_ look: () throws(ContentRefusal) -> Void) throws(Problem) {
        do throws(ContentRefusal) { try look() } catch { throw .contentRefused(error) }
    }
}

extension Problem {
    /// The file's content is not what is taken; a program finds why in `details.why`.
    static func contentRefused(_ why: ContentRefusal) -> Problem {
        Problem(
            .contentRefused, "The file's content is not taken: \(why.rawValue).",
            details: ["why": .text(why.rawValue)])
    }
}
