package import Kernel

/// The key of one stored file, made anew for every attempt to store it: under one key no chunk is ever sealed twice.
/// It is kept wrapped by its owner's data key, as a sealed cell of the file's row.
package struct FileKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let cipher: AESGCM
    private let file: [UInt8]

    fileprivate init(_ bytes: [UInt8], _ high: UInt64, _ low: UInt64) throws(CryptoFault) {
        cipher = try AESGCM(bytes)
        file = high.bigEndianBytes + low.bigEndianBytes
    }

    /// ciphertext ‖ tag of one chunk.
    func seal(_ plain: ArraySlice<UInt8>, as chunk: SealedFile.Chunk) throws(CryptoFault) -> [UInt8] {
        try cipher.seal(plain, nonce: chunk.nonce, authenticating: associatedData(chunk))
    }

    /// Nil when it is another chunk, of another file, or was changed.
    func open(_ sealed: ArraySlice<UInt8>, as chunk: SealedFile.Chunk) -> [UInt8]? {
        cipher.open(sealed, nonce: chunk.nonce[...], authenticating: associatedData(chunk))
    }

    /// `praxis.file.v1 ‖ file's id (16 bytes) ‖ counter (4 bytes) ‖ last (1 byte)`.
    private func associatedData(_ chunk: SealedFile.Chunk) -> [UInt8] {
        Array("praxis.file.v1".utf8) + file + chunk.position
    }

    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension DataKey {
    /// A fresh key for an attempt to store `file`, and the form in which it is kept in the cell that `associatedData`
    /// names. Whoever seals that cell anew under another key changes nothing of the file.
    package func makeFileKey<File>(
        for file: ID<File>, authenticating associatedData: AssociatedData
    ) throws(CryptoFault) -> (key: FileKey, wrapped: [UInt8]) {
        let bytes = Random.bytes(32)
        return (try FileKey(bytes, file.high, file.low), try seal(bytes, authenticating: associatedData))
    }

    /// The key of `file` from its cell.
    package func fileKey<File>(
        _ wrapped: [UInt8], of file: ID<File>, authenticating associatedData: AssociatedData
    ) throws(CryptoFault) -> FileKey {
        try FileKey(try open(wrapped, authenticating: associatedData), file.high, file.low)
    }
}
