package import Kernel

/// A file that is stored, as its row names it.
package struct FileRecord: Sendable {
    package let id: ID<StoredFile>
    package let kind: FileKind
    /// Bytes of the plain file.
    package let size: Int
    package let storedAt: Instant
    /// Nil where no scanner was asked.
    package let scannedAt: Instant?

    package init(id: ID<StoredFile>, kind: FileKind, size: Int, storedAt: Instant, scannedAt: Instant?) {
        self.id = id
        self.kind = kind
        self.size = size
        self.storedAt = storedAt
        self.scannedAt = scannedAt
    }
}

/// What is said of a file in a patient's records, and sealed.
package struct FileWords: Sendable, Equatable {
    package let title: String
    package let description: String?
    package let fileName: String
    /// SHA-256 of the file, in hexadecimal.
    package let digest: String

    package init(title: String, description: String?, fileName: String, digest: String) {
        self.title = title
        self.description = description
        self.fileName = fileName
        self.digest = digest
    }
}
