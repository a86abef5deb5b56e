package import Files
package import Kernel

/// Files in a folder of this machine.
package struct LocalFileStore: FileStore {
    private let tree: FileTree

    package init(_ tree: FileTree) { self.tree = tree }

    package var kind: FileStoreKind { .local }

    package func keep(_ file: LargeFile, of count: Int) async throws { try await tree.commit(file) }

    package func read(_ file: ID<StoredFile>, _ range: Range<Int>) async throws -> [UInt8]? {
        try await tree.read(file.description, range)
    }

    package func remove(_ file: ID<StoredFile>) async throws { try await tree.remove(file.description) }

    /// A page is one of the 256 folders at the top.
    package func files(_ page: String?, since: Instant?) async throws -> FilePage {
        guard let folder = page.map({ UInt8($0) }) ?? 0 else { throw FileStoreFault() }
        let found = try await tree.files(in: folder, changedSince: since.map { Int($0.seconds) }).compactMap { entry in
            ID<StoredFile>(entry.name).map { FilePage.File(id: $0, written: Instant(seconds: Int64(entry.written))) }
        }
        return FilePage(files: found, next: folder == .max ? nil : String(folder + 1))
    }
}
