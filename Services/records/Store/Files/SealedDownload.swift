package import Crypto
package import Kernel

/// A stored file that is read: any part of it, some chunks at a time.
package struct SealedDownload: Sendable {
    /// Chunks that are in memory at once.
    private static let window = 4

    private let id: ID<StoredFile>
    private let reader: SealedFileReader
    private let store: any FileStore

    /// Reads the header and opens the first chunk, so that a file that was lost or changed is refused before anything
    /// is answered.
    /// - Parameter count: bytes of the plain file.
    /// - Throws: `FileDamaged`, and what the store throws.
    package init(_ id: ID<StoredFile>, _ key: FileKey, count: Int, from store: any FileStore) async throws {
        self.id = id
        self.store = store
        guard let header = try await store.read(id, 0..<SealedFile.headerCount) else { throw FileDamaged() }
        do throws(CryptoFault) {
            reader = try SealedFileReader(key, header: header, count: count)
        } catch { throw FileDamaged() }
        _ = try await open(0..<1)
    }

    /// Hands over this part of the file in its order.
    package func read(_ part: Range<Int>, _ write: ([UInt8]) async throws -> Void) async throws {
        let chunks = reader.chunks(of: part)
        for first in stride(from: chunks.lowerBound, to: chunks.upperBound, by: Self.window) {
            let some = first..<min(first + Self.window, chunks.upperBound)
            let plain = try await open(some)
            let wanted = part.clamped(
                to: some.lowerBound * SealedFile.chunkCount..<some.upperBound * SealedFile.chunkCount)
            try await write(Array(plain[wanted.offset(in: some)]))
        }
    }

    private func open(_ chunks: Range<Int>) async throws -> [UInt8] {
        guard let stored = try await store.read(id, reader.place(of: chunks)) else { throw FileDamaged() }
        do throws(CryptoFault) { return try reader.open(stored, of: chunks) } catch { throw FileDamaged() }
    }
}

/// A stored file that is not there, or not as it was stored.
package struct FileDamaged: Error {}
