extension DataKey {
    /// A key that only the holder of `secret` can have: what a token seals for itself. The secret must be random, at
    /// least 16 bytes; each purpose has a key of its own.
    package init(derivedFrom secret: [UInt8], for purpose: String) throws(CryptoFault) {
        guard secret.count >= 16 else { throw CryptoFault("too short to derive a key from") }
        try self.init(try HKDF.derive(secret, salt: Array(purpose.utf8), info: Array("data key".utf8), count: 32))
    }
}
