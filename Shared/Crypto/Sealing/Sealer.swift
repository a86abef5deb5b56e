package import Kernel

/// A key-encryption key under its version. It wraps data keys and encrypts nothing else.
package struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let version: UInt32
    let cipher: AESGCM

    /// - Parameter secret: 32 bytes in base64url, base64 or hexadecimal.
    package init(version: UInt32, secret: Secret) throws(CryptoFault) {
        let text = secret.expose()
        let readings = [Base64URL.decode(text), Base64.decode(text), Hex.decode(text)]
        guard let bytes = readings.compactMap({ $0 }).first(where: { $0.count == 32 }) else {
            throw CryptoFault("a master key is 32 bytes in base64url, base64 or hexadecimal")
        }
        self.version = version
        cipher = try AESGCM(bytes)
    }

    /// - Parameter text: `KEY` of version 1, or `VERSION:KEY`.
    package init(_ text: Secret) throws(CryptoFault) {
        let parts = text.expose().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let key = parts.last, parts.count == 2 else {
            try self.init(version: 1, secret: text)
            return
        }
        guard let version = UInt32(first), (1...UInt32(Int32.max)).contains(version) else {
            throw CryptoFault("a master key's version is a number from 1")
        }
        try self.init(version: version, secret: Secret(String(key)))
    }

    package var description: String { "master key \(version)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Envelope encryption: each tenant or patient has a data key, kept beside its rows, wrapped by a master key that never
/// is.
///
/// A wrapped key is `1 ‖ version (4 bytes) ‖ nonce ‖ ciphertext ‖ tag`, bound to its owner's name.
package struct Sealer: Sendable {
    static let wrapFormat: UInt8 = 1

    private let current: MasterKey
    private let others: [MasterKey]

    /// - Parameter others: open what they wrapped and wrap nothing: keys of before, and the next one while not every
    ///   process wraps with it.
    package init(master: MasterKey, others: [MasterKey] = []) {
        current = master
        self.others = others
    }

    /// The version of the master key that wraps.
    package var version: UInt32 { current.version }

    /// A new data key and the form in which it is kept. `owner` is whose it is, as `patient/<id>`.
    package func makeKey(for owner: String) throws(CryptoFault) -> (key: DataKey, wrapped: [UInt8]) {
        let bytes = Random.bytes(32)
        return (try DataKey(bytes), try wrap(bytes, owner))
    }

    package func unwrap(_ wrapped: [UInt8], for owner: String) throws(CryptoFault) -> DataKey {
        try DataKey(try bytes(of: wrapped, owner))
    }

    /// The same data key under the current master key; nil when it is already. What it sealed need not be touched.
    package func rewrap(_ wrapped: [UInt8], for owner: String) throws(CryptoFault) -> [UInt8]? {
        if Self.version(of: wrapped) == current.version { return nil }
        return try wrap(try bytes(of: wrapped, owner), owner)
    }

    private func wrap(_ key: [UInt8], _ owner: String) throws(CryptoFault) -> [UInt8] {
        let head = Self.head(current.version)
        return head + (try current.cipher.seal(key, authenticating: head + Array(owner.utf8)))
    }

    private func bytes(of wrapped: [UInt8], _ owner: String) throws(CryptoFault) -> [UInt8] {
        guard let version = Self.version(of: wrapped) else { throw CryptoFault("not a wrapped key") }
        guard let master = ([current] + others).first(where: { $0.version == version }) else {
            throw CryptoFault("the master key of this version is not here")
        }
        guard let key = master.cipher.open(wrapped[5...], authenticating: Self.head(version) + Array(owner.utf8)) else {
            throw CryptoFault("a wrapped key does not open")
        }
        return key
    }

    private static func head(_ version: UInt32) -> [UInt8] {
        [wrapFormat] + version.bigEndianBytes
    }

    /// The master key's version that a wrapped key names; nil when it is none.
    package static func version(of wrapped: [UInt8]) -> UInt32? {
        guard wrapped.count > 5, wrapped[0] == wrapFormat else { return nil }
        return wrapped[1...4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// The associated data of AES-GCM (RFC 5116): a sealed value opens only with the table, row, column and version it was
/// sealed for, so that swapped cells and restored older rows are detected.
package struct AssociatedData: Sendable, Equatable {
    /// Begins with the format of sealed values.
    let bytes: [UInt8]
    /// Which row it is of, for whoever has to name one that does not open.
    package let table: String
    package var row: String { String(decoding: bytes[rowBytes], as: UTF8.self) }
    private let rowBytes: Range<Int>

    /// - Parameter version: of the row or of the cell's schema, where an older value must not pass for a newer one.
    package init(table: String, row: String, column: String, version: Int = 1) {
        self.init(table, row.utf8.span, column, version)
    }

    /// The same of a row that is named by an id, of which no `String` need be made.
    package init(table: String, row: ShortText, column: String, version: Int = 1) {
        self = row.read { Self(table, $0, column, version) }
    }

    private init(_ table: String, _ row: Span<UInt8>, _ column: String, _ version: Int) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(80 + table.utf8.count + row.count + column.utf8.count)
        bytes.append(DataKey.format)
        CanonicalText.append("table", table.utf8.span, to: &bytes)
        CanonicalText.append("row", row, to: &bytes)
        rowBytes = (bytes.count - 1 - row.count)..<(bytes.count - 1)
        CanonicalText.append("column", column.utf8.span, to: &bytes)
        CanonicalText.append("version", String(version).utf8.span, to: &bytes)
        self.bytes = bytes
        self.table = table
    }
}

/// The key of one tenant or patient. A sealed value is `1 ‖ nonce ‖ ciphertext ‖ tag`.
package struct DataKey: Sendable, CustomStringConvertible, CustomReflectable {
    static let format: UInt8 = 1

    private let cipher: AESGCM

    init(_ bytes: [UInt8]) throws(CryptoFault) { cipher = try AESGCM(bytes) }

    package func seal(_ plain: [UInt8], authenticating associatedData: AssociatedData) throws(CryptoFault) -> [UInt8] {
        [Self.format] + (try cipher.seal(plain, authenticating: associatedData.bytes))
    }

    package func seal(_ text: String, authenticating associatedData: AssociatedData) throws(CryptoFault) -> [UInt8] {
        try seal(Array(text.utf8), authenticating: associatedData)
    }

    /// Fails when a byte was changed, or the value was sealed for another cell or with another key.
    package func open(_ sealed: [UInt8], authenticating associatedData: AssociatedData) throws(CryptoFault) -> [UInt8] {
        guard sealed.first == Self.format,
            let plain = cipher.open(sealed[1...], authenticating: associatedData.bytes)
        else {
            throw CryptoFault("a sealed value does not open")
        }
        return plain
    }

    package func openText(_ sealed: [UInt8], authenticating associatedData: AssociatedData) throws(CryptoFault)
        -> String
    {
        guard let text = String(validating: try open(sealed, authenticating: associatedData), as: UTF8.self) else {
            throw CryptoFault("a sealed value is no text")
        }
        return text
    }

    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
