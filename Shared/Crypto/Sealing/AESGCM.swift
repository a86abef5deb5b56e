import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): one 32-byte key, and a 96-bit nonce per message that no other message of the key has.
/// With random nonces one key is good for 2³² messages.
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

    /// nonce ‖ ciphertext ‖ tag, under a fresh random nonce.
    func seal(_ plain: [UInt8], authenticating data: [UInt8]) throws(CryptoFault) -> [UInt8] {
        let nonce = Random.bytes(Self.nonceCount)
        return try seal(plain[...], nonce: nonce, behind: nonce, authenticating: data)
    }

    /// Nil when anything of it was changed, or it was sealed with another key or other associated data.
    func open(_ sealed: ArraySlice<UInt8>, authenticating data: [UInt8]) -> [UInt8]? {
        open(sealed.dropFirst(Self.nonceCount), nonce: sealed.prefix(Self.nonceCount), authenticating: data)
    }

    /// ciphertext ‖ tag, under a nonce of the caller's, who makes sure that no two messages of one key have the same.
    func seal(_ plain: ArraySlice<UInt8>, nonce: [UInt8], authenticating data: [UInt8]) throws(CryptoFault) -> [UInt8] {
        try seal(plain, nonce: nonce, behind: [], authenticating: data)
    }

    /// - Parameter head: what stands in front of the ciphertext, in the same allocation.
    private func seal(
        _ plain: ArraySlice<UInt8>, nonce: [UInt8], behind head: [UInt8], authenticating data: [UInt8]
    ) throws(CryptoFault) -> [UInt8] {
        guard nonce.count == Self.nonceCount, plain.count <= Self.limit, data.count <= Self.limit else {
            throw CryptoFault("a nonce of another length, or too long to seal at once")
        }
        var isGood = false
        let count = head.count + plain.count + Self.tagCount
        let sealed = unsafe [UInt8](unsafeUninitializedCapacity: count) { sealed, written in
            written = count
            guard let start = sealed.baseAddress else { return }
            for index in head.indices { unsafe start[index] = head[index] }
            let cipher = unsafe start + head.count
            isGood =
                unsafe data.withUnsafeBufferPointer { data in
                    unsafe plain.withUnsafeBufferPointer { plain in
                        unsafe praxis_gcm_seal(
                            key, nonce, data.baseAddress, data.count, plain.baseAddress, plain.count, cipher,
                            cipher + plain.count)
                    }
                } == 1
        }
        guard isGood else { throw CryptoFault("sealing failed") }
        return sealed
    }

    /// Nil when anything of it was changed, or it was sealed otherwise.
    /// - Parameter sealed: ciphertext ‖ tag.
    func open(
        _ sealed: ArraySlice<UInt8>, nonce: ArraySlice<UInt8>, authenticating data: [UInt8]
    ) -> [UInt8]? {
        let count = sealed.count - Self.tagCount
        guard nonce.count == Self.nonceCount, count >= 0, count <= Self.limit else { return nil }
        var isGood = false
        let plain = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, written in
            isGood = unsafe data.withUnsafeBufferPointer { data in
                unsafe sealed.withUnsafeBufferPointer { sealed in
                    unsafe nonce.withUnsafeBufferPointer { nonce in
                        guard let cipher = sealed.baseAddress else { return false }
                        return unsafe praxis_gcm_open(
                            key, nonce.baseAddress, data.baseAddress, data.count, cipher, count, cipher + count,
                            room.baseAddress) == 1
                    }
                }
            }
            written = isGood ? count : 0
        }
        return isGood ? plain : nil
    }
}
