import Identity
import IdentityDomain
import Kernel
import Testing

@Suite struct TOTPTests {
    private let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B, the SHA-1 rows.
    @Test(arguments: [
        (Int64(59), "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `codes are those of the RFC`(seconds: Int64, code: String) {
        #expect(TOTP.code(secret, step: seconds / 30, digits: 8) == code)
        #expect(TOTP.code(secret, step: seconds / 30) == String(code.suffix(6)))
    }

    @Test func `a code names its step as long as the step is open`() throws {
        let now = Instant(seconds: 1_760_000_000), step = FactorRules.step(at: now)
        for offset in Int64(-3)...3 {
            let code = try #require(TOTP.code(secret, step: step + offset))
            let found = TOTP.step(of: code, secret: secret, at: now, after: nil)
            #expect(found == (abs(offset) <= 1 ? step + offset : nil))
            #expect(TOTP.step(of: code, secret: secret, at: now, after: step + offset) == nil)
        }
    }

    @Test func `no step and no length makes it stumble`() {
        #expect(TOTP.code(secret, step: -1) == nil)
        #expect(TOTP.code(secret, step: .max) == nil)
        #expect(TOTP.code(secret, step: 1, digits: 12) == nil)
        #expect(TOTP.code([], step: 1) != "000000")
    }
}

@Suite struct QRPictureTests {
    @Test func `a picture is one path on white, without script, style or address`() throws {
        let svg = try QRPicture.svg(of: "otpauth://totp/Praxis:ada?secret=MZXW6YTBOI&issuer=Praxis")
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "))
        #expect(svg.ranges(of: "<path").count == 1 && svg.hasSuffix("\"/></svg>"))
        for word in ["script", "style", "href", "on", "otpauth", "MZXW6YTBOI"] { #expect(!svg.contains(word)) }
    }

    /// The three finder patterns, at their corners inside the margin.
    @Test func `its runs draw the finder patterns`() throws {
        let svg = try QRPicture.svg(of: "A")
        // Version 1: 21 modules and a margin of 4 on either side.
        #expect(svg.contains("viewBox=\"0 0 29 29\""))
        for run in ["M4 4h7v1h-7z", "M18 4h7v1h-7z", "M4 18h7v1h-7z", "M4 24h7v1h-7z", "M4 5h1v1h-1z"] {
            #expect(svg.contains(run), "\(run)")
        }
    }

    @Test func `what fits no code is a fault, not an end`() {
        #expect(throws: Problem.self) { try QRPicture.svg(of: String(repeating: "x", count: 5000)) }
        #expect(throws: Problem.self) { try QRPicture.svg(of: "") }
    }
}
