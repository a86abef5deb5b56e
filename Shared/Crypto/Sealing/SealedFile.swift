import Kernel

/// How a file is stored: in chunks of 64 KiB, each sealed for its place, so that a file of any size is written in one
/// pass and any part of it is read alone.
///
/// `PRXF1 ‖ chunk size (4 bytes) ‖ p (7 random bytes)`, then the chunks. A chunk's nonce is `p ‖ counter (4 bytes) ‖
/// last (1 byte)`; sealed, it is 16 bytes longer. All chunks but the last are full. A chunk that was changed, moved,
/// left out or put behind the last one does not open.
package enum SealedFile {
    /// Bytes of the plain file in each chunk but the last.
    package static let chunkCount = 65_536
    /// Bytes before the first chunk.
    package static let headerCount = 16

    static let prefixCount = 7
    static let sealedChunkCount = chunkCount + AESGCM.tagCount
    static let mark = Array("PRXF1".utf8) + UInt32(chunkCount).bigEndianBytes

    /// Bytes of the stored file of a plain one with so many bytes.
    package static func storedCount(_ plain: Int) -> Int {
        headerCount + plain + chunks(plain) * AESGCM.tagCount
    }

    /// Where byte `plain` of the plain file lies, as the number of its chunk.
    package static func chunk(of plain: Int) -> Int { plain / chunkCount }

    /// An empty file has one chunk, too: the last one.
    static func chunks(_ plain: Int) -> Int { max(1, (plain + chunkCount - 1) / chunkCount) }

    /// What one chunk is bound to.
    struct Chunk {
        let prefix: [UInt8]
        let counter: UInt32
        let isLast: Bool

        /// `counter ‖ last`.
        var position: [UInt8] { counter.bigEndianBytes + [isLast ? 1 : 0] }
        var nonce: [UInt8] { prefix + position }
    }
}

/// Seals a file while it comes: at most one chunk of it is kept.
package struct SealedFileWriter: ~Copyable {
    private let key: FileKey
    private let prefix: [UInt8]
    private var counter: UInt32 = 0
    private var waiting: [UInt8] = []
    /// Bytes of the plain file so far.
    package private(set) var count = 0

    /// - Parameter key: made for this attempt alone.
    package init(_ key: FileKey) {
        self.key = key
        prefix = Random.bytes(SealedFile.prefixCount)
    }

    /// What the stored file begins with.
    package var header: [UInt8] { SealedFile.mark + prefix }

    /// What is to be stored next, once `bytes` have come; often nothing.
    package mutating func seal(_ bytes: [UInt8]) throws(CryptoFault) -> [UInt8] {
        count += bytes.count
        waiting += bytes
        var sealed: [UInt8] = []
        var start = 0
        // A full chunk waits until it is known not to be the last.
        while waiting.count - start > SealedFile.chunkCount {
            sealed += try chunk(waiting[start..<start + SealedFile.chunkCount], isLast: false)
            start += SealedFile.chunkCount
        }
        if start > 0 { waiting.removeFirst(start) }
        return sealed
    }

    /// The rest, once all has come.
    package consuming func finish() throws(CryptoFault) -> [UInt8] { try chunk(waiting[...], isLast: true) }

    private mutating func chunk(_ plain: ArraySlice<UInt8>, isLast: Bool) throws(CryptoFault) -> [UInt8] {
        let sealed = try key.seal(plain, as: SealedFile.Chunk(prefix: prefix, counter: counter, isLast: isLast))
        let (next, isOver) = counter.addingReportingOverflow(1)
        if isOver, !isLast { throw CryptoFault("a file has at most 2³² chunks") }
        counter = next
        return sealed
    }
}

/// Opens a stored file chunk by chunk, in any order.
package struct SealedFileReader: Sendable {
    /// Bytes of the plain file.
    package let count: Int
    private let key: FileKey
    private let prefix: [UInt8]

    /// - Parameters:
    ///   - header: the first `SealedFile.headerCount` bytes of the stored file.
    ///   - count: bytes of the plain file, by which the last chunk is known.
    package init(_ key: FileKey, header: [UInt8], count: Int) throws(CryptoFault) {
        guard header.count == SealedFile.headerCount, header.starts(with: SealedFile.mark), count >= 0 else {
            throw CryptoFault("not a stored file")
        }
        self.key = key
        self.count = count
        prefix = Array(header.suffix(SealedFile.prefixCount))
    }

    /// The chunks that a part of the plain file lies in.
    package func chunks(of part: Range<Int>) -> Range<Int> {
        part.isEmpty
            ? 0..<0 : SealedFile.chunk(of: part.lowerBound)..<SealedFile.chunk(of: part.upperBound - 1) + 1
    }

    /// Which bytes of the stored file these chunks are.
    package func place(of chunks: Range<Int>) -> Range<Int> {
        let end =
            chunks.upperBound == SealedFile.chunks(count)
            ? SealedFile.storedCount(count) : start(of: chunks.upperBound)
        return start(of: chunks.lowerBound)..<end
    }

    /// The plain bytes of these chunks.
    /// - Parameter stored: the bytes that stand at their place, exactly.
    package func open(_ stored: [UInt8], of chunks: Range<Int>) throws(CryptoFault) -> [UInt8] {
        guard stored.count == place(of: chunks).count else { throw CryptoFault("a stored file was cut") }
        var plain: [UInt8] = []
        plain.reserveCapacity(stored.count)
        let last = SealedFile.chunks(count) - 1
        for chunk in chunks {
            let place = place(of: chunk..<chunk + 1)
            let offset = place.lowerBound - start(of: chunks.lowerBound)
            guard let counter = UInt32(exactly: chunk),
                let bytes = key.open(
                    stored[offset..<offset + place.count],
                    as: SealedFile.Chunk(prefix: prefix, counter: counter, isLast: chunk == last))
            else { throw CryptoFault("a chunk of a stored file does not open") }
            plain += bytes
        }
        return plain
    }

    private func start(of chunk: Int) -> Int { SealedFile.headerCount + chunk * SealedFile.sealedChunkCount }
}
