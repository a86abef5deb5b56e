import COpenSSL

/// Unguessable bytes, from OpenSSL's generator (seeded by the kernel, safe after fork).
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: max(0, count))
        let good = unsafe result.withUnsafeMutableBufferPointer { unsafe praxis_random($0.baseAddress, $0.count) }
        // Without randomness nothing here may go on; this cannot be caused by input, and to continue would be to use
        // zeros as a key.
        precondition(good == 1 || count <= 0, "no randomness")
        return result
    }

    /// Evenly distributed below `bound`, which is at least 1.
    package static func below(_ bound: UInt32) -> UInt32 {
        var generator = Generator()
        return .random(in: 0..<max(1, bound), using: &generator)
    }

    /// For the standard library's `random(using:)` and `shuffled(using:)`.
    package struct Generator: RandomNumberGenerator {
        package init() {}
        package mutating func next() -> UInt64 { Random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
    }
}

/// Constant-time comparison: its duration does not depend on where two secrets differ, only on their lengths.
package enum ConstantTime {
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBufferPointer { one in
            unsafe right.withUnsafeBufferPointer { other in
                unsafe praxis_equal(one.baseAddress, other.baseAddress, one.count) == 1
            }
        }
    }

    package static func equal(_ left: String, _ right: String) -> Bool { equal(Array(left.utf8), Array(right.utf8)) }
}
