import COpenSSL
package import Kernel

/// A key for HMAC (RFC 2104): the key is set up once, each message then costs a copy of the prepared state (below a
/// microsecond). Safe to use from any thread.
@safe package final class HMACKey: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
    package enum Hash: Sendable {
        case sha256, sha384

        var name: String { self == .sha256 ? "SHA256" : "SHA384" }
        var count: Int { self == .sha256 ? 32 : 48 }
    }

    // Only ever duplicated, never written to after `init`: that is what makes sharing it safe.
    private let keyed: OpaquePointer
    private let hash: Hash

    package init(_ key: [UInt8], _ hash: Hash = .sha256) {
        let made = unsafe key.withUnsafeBufferPointer { unsafe praxis_hmac_key(hash.name, $0.baseAddress, $0.count) }
        guard let made = unsafe made else { preconditionFailure("no HMAC") }
        unsafe keyed = made
        self.hash = hash
    }

    package convenience init(_ key: Secret, _ hash: Hash = .sha256) {
        self.init(Array(key.expose().utf8), hash)
    }

    deinit { unsafe EVP_MAC_CTX_free(keyed) }

    /// 32 or 48 bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: hash.count)
        let good = unsafe message.withUnsafeBufferPointer { message in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe praxis_hmac(keyed, message.baseAddress, message.count, result.baseAddress, result.count)
            }
        }
        precondition(good == 1, "no HMAC")
        return result
    }

    package func sign(_ message: String) -> [UInt8] { sign(Array(message.utf8)) }

    /// Whether `signature` is this message's, whole.
    package func verify(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        ConstantTime.equal(sign(message), signature)
    }

    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
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
