import IdentityDomain
import Kernel
import Testing

@Suite struct SecondFactorTests {
    let now = Instant(seconds: 1_700_000_010)

    @Test func `a code counts in its own half minute, the one before and the one after`() {
        let step = FactorRules.step(at: now)
        #expect(step == 1_700_000_010 / 30)
        #expect(Set(FactorRules.openSteps(at: now, after: nil)) == [step - 1, step, step + 1])
        #expect(FactorRules.step(at: now + .seconds(29)) == step)
        #expect(FactorRules.step(at: now + .seconds(30)) == step + 1)
    }

    @Test func `once a code was used, neither it nor an older one counts`() {
        let step = FactorRules.step(at: now)
        #expect(Set(FactorRules.openSteps(at: now, after: step - 1)) == [step, step + 1])
        #expect(FactorRules.openSteps(at: now, after: step) == [step + 1])
        #expect(FactorRules.openSteps(at: now, after: step + 1).isEmpty)
        #expect(FactorRules.openSteps(at: Instant(seconds: 0), after: nil) == [0, 1])
    }

    @Test func `four wrong codes cost nothing, then the wait doubles to a quarter of an hour`() {
        #expect(FactorBackoff.delays == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900])
    }

    @Test func `an administrator alone must enrol, where it is asked for and not done`() {
        for role in Role.allCases {
            #expect(FactorRules.mustEnrol(role, hasFactor: false, isRequiredOfAdmins: true) == (role == .admin))
            #expect(!FactorRules.mustEnrol(role, hasFactor: true, isRequiredOfAdmins: true))
            #expect(!FactorRules.mustEnrol(role, hasFactor: false, isRequiredOfAdmins: false))
        }
    }

    /// RFC 4648 §10, without the padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `base32 is the RFC's`(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
    }

    @Test func `a typed code is told from a recovery code, however it is written`() {
        #expect(FactorCode("123456") == .digits("123456"))
        #expect(FactorCode(" 123 456 ") == .digits("123456"))
        let code = RecoveryCode(random: (0..<15).map { UInt8($0 * 17) })
        #expect(code.shown.count == 29 && code.shown.split(separator: "-").count == 6)
        #expect(FactorCode(code.shown) == .recovery(code.canonical))
        #expect(FactorCode(code.shown.lowercased()) == .recovery(code.canonical))
        #expect(FactorCode(code.canonical) == .recovery(code.canonical))
        for wrong in [
            "", "12345", "1234567", "12345a", "１２３４５６", code.canonical + "A", String(code.canonical.dropLast()) + "1",
        ] {
            #expect(FactorCode(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `what an authenticator scans is encoded for every reader`() {
        let uri = AuthenticatorURI.text(issuer: "St. Ann & Co", username: "maria+1@x", secret: "MZXW6YTBOI")
        #expect(
            uri == "otpauth://totp/St.%20Ann%20%26%20Co:maria%2B1%40x?secret=MZXW6YTBOI&issuer=St.%20Ann%20%26%20Co"
                + "&algorithm=SHA1&digits=6&period=30")
    }
}
