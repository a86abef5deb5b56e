import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): one 32-byte key, a fresh random 96-bit nonce per message. One key is good for 2³²
/// messages.
struct AESGCM: Sendable {
    static let nonceCount = 12
    static let tagCount = 16
    /// The longest message. OpenSSL counts in `int`; files are sealed in chunks far below.
    static let limit = 1 << 28

    private let key: [UInt8]

    init(_ key: [UInt8]) throws(CryptoFault) {
        guard key.count == 32 else { throw CryptoFault("an AES-256 key has 32 bytes") }
        self.key = key
    }

    /// nonce ‖ ciphertext ‖ tag.
    func seal(_ plain: [UInt8], authenticating data: [UInt8]) throws(CryptoFault) -> [UInt8] {
        guard plain.count <= Self.limit, data.count <= Self.limit else {
            throw CryptoFault("too long to seal at once")
        }
        let nonce = Random.bytes(Self.nonceCount)
        var sealed = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: Self.tagCount)
        let good = unsafe data.withUnsafeBufferPointer { data in
            unsafe plain.withUnsafeBufferPointer { plain in
                unsafe sealed.withUnsafeMutableBufferPointer { sealed in
                    unsafe praxis_gcm_seal(
                        key, nonce, data.baseAddress, data.count, plain.baseAddress, plain.count,
                        sealed.baseAddress,
                        &tag)
                }
            }
        }
        guard good == 1 else { throw CryptoFault("sealing failed") }
        return nonce + sealed + tag
    }

    /// Nil when anything of it was changed, or it was sealed with another key or other associated data.
    func open(_ sealed: ArraySlice<UInt8>, authenticating data: [UInt8]) -> [UInt8]? {
        guard sealed.count >= Self.nonceCount + Self.tagCount, sealed.count <= Self.limit + 28 else { return nil }
        let nonce = Array(sealed.prefix(Self.nonceCount))
        let tag = Array(sealed.suffix(Self.tagCount))
        let middle = Array(sealed.dropFirst(Self.nonceCount).dropLast(Self.tagCount))
        var plain = [UInt8](repeating: 0, count: middle.count)
        let good = unsafe data.withUnsafeBufferPointer { data in
            unsafe middle.withUnsafeBufferPointer { middle in
                unsafe plain.withUnsafeMutableBufferPointer { plain in
                    unsafe praxis_gcm_open(
                        key, nonce, data.baseAddress, data.count, middle.baseAddress, middle.count, tag,
                        plain.baseAddress)
                }
            }
        }
        return good == 1 ? plain : nil
    }
}
