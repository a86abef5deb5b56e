import Net

/// A file that is being written in pieces, each on a thread of its tree's. It is not there yet, and never will be
/// unless it is committed. One task uses it.
package final class LargeFile: @unchecked Sendable {
    package let name: String
    private let pool: BlockingPool
    private var draft: FileDraft?

    init(_ name: String, _ draft: consuming FileDraft, _ pool: BlockingPool) {
        self.name = name
        self.draft = consume draft
        self.pool = pool
    }

    /// Writes what `make` gives, which is asked on the file's thread: what takes time to make is made there.
    package func write(_ make: @escaping @Sendable () throws -> [UInt8]) async throws {
        try await pool.run { [self] in
            let bytes = try make()
            guard draft != nil else { throw FileFault.notOpen }
            try draft?.write(bytes)
        }
    }

    /// What was written at this place; fewer bytes only where it ends.
    package func read(_ range: Range<Int>) async throws -> [UInt8] {
        try await pool.run { [self] in try readNow(range) }
    }

    /// The same on the calling thread, which may block.
    package func readNow(_ range: Range<Int>) throws(FileFault) -> [UInt8] {
        guard let bytes = try draft?.read(range) else { throw .notOpen }
        return bytes
    }

    /// Gives up what was written.
    package func discard() async { try? await pool.run { [self] in draft = nil } }

    /// Puts the file in its place and returns when the disk has it.
    func commit(to path: String) async throws {
        try await pool.run { [self] in
            guard draft != nil else { throw FileFault.notOpen }
            try draft?.commit(to: path)
            draft = nil
        }
    }
}
