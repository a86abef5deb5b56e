import COpenSSL
package import Kernel

/// A key for HMAC (RFC 2104): the key is set up once, each message then costs a copy of the prepared state. Safe to use
/// from any thread.
package final class HMACKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The hash function underneath.
    package enum Hash: Sendable {
        case sha256, sha384
    }

    private enum Prepared: Sendable {
        case sha256(SHA256Key)
        case sha384(SHA384Key)
    }

    private let prepared: Prepared

    package init(_ key: [UInt8], _ hash: Hash = .sha256) {
        prepared = hash == .sha256 ? .sha256(SHA256Key(key)) : .sha384(SHA384Key(key))
    }

    package convenience init(_ key: Secret, _ hash: Hash = .sha256) {
        self.init(Array(key.expose().utf8), hash)
    }

    /// 32 or 48 bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        switch prepared {
        case .sha256(let key):
            let signature = key.sign(message.span)
            return signature.indices.map { signature[$0] }
        case .sha384(let key): return key.sign(message)
        }
    }

    /// The first eight bytes of the HMAC, the first the highest.
    func number(_ message: [UInt8]) -> Int64 {
        guard case .sha256(let key) = prepared else { return sign(message).prefix(8).reduce(0) { $0 << 8 | Int64($1) } }
        let signature = key.sign(message.span)
        return (0..<8).reduce(0) { $0 << 8 | Int64(signature[$1]) }
    }

    package func sign(_ message: String) -> [UInt8] { sign(Array(message.utf8)) }

    /// Whether `signature` is this message's, whole.
    package func verify(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        ConstantTime.equal(sign(message), signature)
    }

    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A key for HMAC-SHA384, for messages that are rare.
@safe private final class SHA384Key: @unchecked Sendable {
    // Only ever duplicated, never written to after `init`: that is what makes sharing it safe.
    private let keyed: OpaquePointer

    init(_ key: [UInt8]) {
        let made = unsafe key.withUnsafeBufferPointer { unsafe praxis_hmac_key("SHA384", $0.baseAddress, $0.count) }
        guard let made = unsafe made else { preconditionFailure("no HMAC") }
        unsafe keyed = made
    }

    deinit { unsafe EVP_MAC_CTX_free(keyed) }

    func sign(_ message: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 48)
        let good = unsafe message.withUnsafeBufferPointer { message in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe praxis_hmac(keyed, message.baseAddress, message.count, result.baseAddress, result.count)
            }
        }
        precondition(good == 1, "no HMAC")
        return result
    }
}

/// HKDF with SHA-256 (RFC 5869): one secret into many keys that say nothing about each other.
package enum HKDF {
    package static func derive(
        _ secret: [UInt8], salt: [UInt8] = [], info: [UInt8], count: Int
    ) throws(CryptoFault) -> [UInt8] {
        guard count > 0, count <= 255 * 32 else { throw CryptoFault("a derived key is 1 to 8160 bytes") }
        var result = [UInt8](repeating: 0, count: count)
        let good = unsafe secret.withUnsafeBufferPointer { secret in
            unsafe salt.withUnsafeBufferPointer { salt in
                unsafe info.withUnsafeBufferPointer { info in
                    unsafe result.withUnsafeMutableBufferPointer { result in
                        unsafe praxis_hkdf_sha256(
                            secret.baseAddress, secret.count, salt.baseAddress, salt.count, info.baseAddress,
                            info.count,
                            result.baseAddress, result.count)
                    }
                }
            }
        }
        guard good == 1 else { throw CryptoFault("the key could not be derived") }
        return result
    }
}
