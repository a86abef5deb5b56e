import COpenSSL

/// SHA-256 of what comes part by part; nothing of it is kept. It belongs to one task at a time.
@safe package final class RunningSHA256: @unchecked Sendable {
    private let context: OpaquePointer

    package init() {
        let made = unsafe EVP_MD_CTX_new()
        guard let made = unsafe made, unsafe EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
            preconditionFailure("no digest")
        }
        unsafe context = made
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package func update(_ bytes: [UInt8]) {
        let good = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(good == 1, "no digest")
    }

    /// The 32 bytes over all that came; it may come to nothing more after that.
    package func finish() -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        let good = unsafe result.withUnsafeMutableBufferPointer { room in
            unsafe EVP_DigestFinal_ex(context, room.baseAddress, nil)
        }
        precondition(good == 1, "no digest")
        return result
    }
}
