package import Crypto
package import Files
package import Kernel

/// A file that comes and is sealed on its way to the disk: of it no more than some chunks are in memory, and nothing is
/// there until it is kept. One task uses it.
package final class SealedUpload: @unchecked Sendable {
    package let id: ID<StoredFile>
    /// Bytes so far.
    package private(set) var count = 0
    /// The first bytes, at most `headCount`.
    package private(set) var head: [UInt8] = []
    private let key: FileKey
    private let file: LargeFile
    private var writer: SealedFileWriter?
    private let digest = RunningSHA256()
    private let header: [UInt8]
    private let headCount: Int
    /// Small pieces take more room than their bytes.
    private static let waitingPieces = 64
    /// What came and is not sealed yet: a thread is asked for a whole chunk, and not for each piece of the wire.
    private var waiting: [[UInt8]] = []
    private var waitingCount = 0

    /// - Parameters:
    ///   - key: made for this attempt alone.
    ///   - headCount: how many of the first bytes are looked at.
    package init(_ id: ID<StoredFile>, _ key: FileKey, in tree: FileTree, headCount: Int) async throws {
        self.id = id
        self.key = key
        self.headCount = headCount
        file = try await tree.begin(id.description)
        let writer = SealedFileWriter(key)
        header = writer.header
        self.writer = consume writer
        let header = header
        try await file.write { header }
    }

    /// The next bytes.
    package func add(_ bytes: [UInt8]) async throws {
        count += bytes.count
        if head.count < headCount { head += bytes.prefix(headCount - head.count) }
        waiting.append(bytes)
        waitingCount += bytes.count
        if waitingCount >= SealedFile.chunkCount || waiting.count == Self.waitingPieces { try await sealWaiting() }
    }

    private func sealWaiting() async throws {
        let pieces = waiting
        waiting = []
        waitingCount = 0
        try await file.write { [self] in
            try pieces.reduce(into: []) { sealed, bytes in
                digest.update(bytes)
                sealed += try writer?.seal(bytes) ?? []
            }
        }
    }

    /// All has come.
    /// - Returns: its SHA-256, 32 bytes.
    package func finish() async throws -> [UInt8] {
        try await sealWaiting()
        try await file.write { [self] in
            guard let last = writer.take() else { return [] }
            return try last.finish()
        }
        return digest.finish()
    }

    /// A part of what came, read back and opened, once all has.
    package func read(_ part: Range<Int>) async throws -> [UInt8] {
        let reader = try SealedFileReader(key, header: header, count: count)
        let chunks = reader.chunks(of: part)
        let plain = try reader.open(try await file.read(reader.place(of: chunks)), of: chunks)
        return Array(plain[part.offset(in: chunks)])
    }

    /// Puts it into the store; returns when it outlives a power cut.
    package func keep(in store: any FileStore) async throws {
        try await store.keep(file, of: SealedFile.storedCount(count))
    }

    /// Gives it up, unless it was kept.
    package func discard() async { await file.discard() }
}

extension Range<Int> {
    /// Where this part of a file begins and ends within the plain bytes of the chunks that it lies in.
    func offset(in chunks: Range<Int>) -> Range<Int> {
        let start = lowerBound - chunks.lowerBound * SealedFile.chunkCount
        return start..<start + count
    }
}
