import COpenSSL

/// Digests of FIPS 180-4.
package enum Digest {
    /// 32 bytes.
    package static func sha256(_ data: [UInt8]) -> [UInt8] { digest("SHA256", data, count: 32) }
    package static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }
    /// 48 bytes.
    package static func sha384(_ data: [UInt8]) -> [UInt8] { digest("SHA384", data, count: 48) }

    private static func digest(_ name: String, _ data: [UInt8], count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        let good = unsafe data.withUnsafeBufferPointer { data in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe praxis_digest(name, data.baseAddress, data.count, result.baseAddress)
            }
        }
        // The default provider always has SHA-2: a failure is a broken installation, and zeros must never pass for a
        // digest.
        precondition(good == 1, "no digest")
        return result
    }
}
