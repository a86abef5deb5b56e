import COpenSSL

/// An `EVP_PKEY` on P-256, owned. OpenSSL may use one key from many threads at once as long as nobody changes it;
/// nobody does.
@safe final class ECKey: @unchecked Sendable {
    private let key: OpaquePointer
    let isPrivate: Bool

    private init?(_ key: OpaquePointer?, isPrivate: Bool) {
        guard let key = unsafe key else { return nil }
        unsafe self.key = key
        self.isPrivate = isPrivate
    }

    deinit { unsafe EVP_PKEY_free(key) }

    static func generate() -> ECKey? { unsafe ECKey(praxis_p256_generate(), isPrivate: true) }

    /// Coordinates and scalar are 32 bytes each; nil when the point is not on the curve or the scalar is not its own.
    static func make(x: [UInt8], y: [UInt8], scalar: [UInt8]? = nil) -> ECKey? {
        guard x.count == 32, y.count == 32, scalar == nil || scalar?.count == 32 else { return nil }
        return unsafe x.withUnsafeBufferPointer { x in
            unsafe y.withUnsafeBufferPointer { y in
                guard let scalar else {
                    return unsafe ECKey(praxis_p256_import(x.baseAddress, y.baseAddress, nil), isPrivate: false)
                }
                return unsafe scalar.withUnsafeBufferPointer { scalar in
                    let made = unsafe praxis_p256_import(x.baseAddress, y.baseAddress, scalar.baseAddress)
                    return unsafe ECKey(made, isPrivate: true)
                }
            }
        }
    }

    static func read(pem: String, isPrivate: Bool) -> ECKey? {
        let bytes = Array(pem.utf8).map { CChar(bitPattern: $0) }
        return unsafe bytes.withUnsafeBufferPointer {
            let read = unsafe praxis_p256_read_pem($0.baseAddress, $0.count, isPrivate ? 1 : 0)
            return unsafe ECKey(read, isPrivate: isPrivate)
        }
    }

    func pem(isPrivate: Bool) throws(CryptoFault) -> String {
        var room = [UInt8](repeating: 0, count: 2048)
        let count = unsafe room.withUnsafeMutableBufferPointer {
            unsafe praxis_p256_write_pem(key, isPrivate ? 1 : 0, $0.baseAddress, $0.count)
        }
        guard count > 0 else { throw CryptoFault("a key could not be written") }
        return String(decoding: room[..<count], as: UTF8.self)
    }

    enum Number: String {
        case x = "qx"
        case y = "qy"
        case scalar = "priv"
    }

    func number(_ number: Number) throws(CryptoFault) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        let good = unsafe result.withUnsafeMutableBufferPointer {
            unsafe praxis_p256_number(key, number.rawValue, $0.baseAddress)
        }
        guard good == 1 else { throw CryptoFault("a key lacks a number") }
        return result
    }

    func sign(_ message: [UInt8]) throws(CryptoFault) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 64)
        let good = unsafe message.withUnsafeBufferPointer { message in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe praxis_p256_sign(key, message.baseAddress, message.count, result.baseAddress)
            }
        }
        guard good == 1 else { throw CryptoFault("a message could not be signed") }
        return result
    }

    func verify(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        return unsafe message.withUnsafeBufferPointer { message in
            unsafe signature.withUnsafeBufferPointer { signature in
                unsafe praxis_p256_verify(key, message.baseAddress, message.count, signature.baseAddress) == 1
            }
        }
    }
}
