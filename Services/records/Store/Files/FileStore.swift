package import Files
package import Kernel

/// Where sealed files are kept. What is in it has no meaning without the rows that name it.
package protocol FileStore: Sendable {
    var kind: FileStoreKind { get }
    /// Keeps a file that was written whole; returns when it outlives a power cut.
    func keep(_ file: LargeFile, of count: Int) async throws
    /// The bytes at this place of a stored file, fewer only where it ends; nil when there is no such file.
    func read(_ file: ID<StoredFile>, _ range: Range<Int>) async throws -> [UInt8]?
    /// There may be none.
    func remove(_ file: ID<StoredFile>) async throws
    /// Some of all files. What is no id of ours is left out.
    /// - Parameters:
    ///   - page: where to go on; nil is the start.
    ///   - since: older files may be left out; nil asks for all.
    func files(_ page: String?, since: Instant?) async throws -> FilePage
}

/// Which of the stores has a file.
package enum FileStoreKind: String, Sendable {
    case local, s3
}

/// Some of a store's files.
package struct FilePage: Sendable, Equatable {
    /// One file, and when it was written.
    package struct File: Sendable, Equatable {
        package let id: ID<StoredFile>
        package let written: Instant

        package init(id: ID<StoredFile>, written: Instant) {
            self.id = id
            self.written = written
        }
    }

    package let files: [File]
    /// Nil behind the last.
    package let next: String?

    package init(files: [File], next: String?) {
        self.files = files
        self.next = next
    }
}

/// A file store that does not answer, or not as it should.
package struct FileStoreFault: Error {}
