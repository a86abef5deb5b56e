import COpenSSL

/// A key for HMAC-SHA256 of messages that are signed by the thousand: a signature takes no memory. Safe from any
/// thread.
@safe final class SHA256Key: @unchecked Sendable {
    // Written in `init`, only ever copied from then on.
    private let prepared: UnsafeMutablePointer<praxis_hmac_sha256_key>

    init(_ key: [UInt8]) {
        unsafe prepared = .allocate(capacity: 1)
        unsafe prepared.initialize(to: praxis_hmac_sha256_key())
        unsafe key.withUnsafeBufferPointer { unsafe praxis_hmac_sha256_prepare(prepared, $0.baseAddress, $0.count) }
    }

    deinit {
        unsafe OPENSSL_cleanse(prepared, MemoryLayout<praxis_hmac_sha256_key>.size)
        unsafe prepared.deallocate()
    }

    func sign(_ message: Span<UInt8>) -> SIMD32<UInt8> {
        var result = SIMD32<UInt8>()
        unsafe message.withUnsafeBufferPointer { message in
            unsafe withUnsafeMutableBytes(of: &result) { room in
                unsafe praxis_hmac_sha256(
                    prepared, message.baseAddress, message.count, room.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
        return result
    }
}
