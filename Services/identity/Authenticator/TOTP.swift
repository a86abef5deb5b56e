import COath
import Crypto
import IdentityDomain
package import Kernel

/// Codes of an authenticator (RFC 6238 with SHA-1, which is the one that all of them know), by liboath.
package enum TOTP {
    /// The code of one step; nil where liboath refuses, which it does for no secret of ours.
    package static func code(_ secret: [UInt8], step: Int64, digits: Int = FactorRules.digits) -> String? {
        guard isReady, (0...Int64(UInt32.max)).contains(step), (6...8).contains(digits) else { return nil }
        var code = [CChar](repeating: 0, count: digits + 1)
        let status = unsafe secret.withUnsafeBytes { secret in
            unsafe oath_totp_generate(
                secret.baseAddress?.assumingMemoryBound(to: CChar.self), secret.count,
                Int(step * FactorRules.stepSeconds),
                UInt32(FactorRules.stepSeconds), 0, UInt32(digits), &code)
        }
        guard status == OATH_OK.rawValue else { return nil }
        return String(decoding: code.prefix(digits).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The step whose code this is, among those that are open; nil when it is none.
    package static func step(of digits: String, secret: [UInt8], at now: Instant, after last: Int64?) -> Int64? {
        FactorRules.openSteps(at: now, after: last).first { step in
            code(secret, step: step).map { ConstantTime.equal($0, digits) } ?? false
        }
    }

    private static let isReady = oath_init() == OATH_OK.rawValue
}
