import Crypto
import Kernel
import Lifecycle
import Testing

@Suite struct PasswordsTests {
    private let passwords = Passwords(pepper: .init(version: 3, secret: Secret("pepper-of-the-house")), cost: 4)

    @Test func `a password matches its own hash alone`() throws {
        let stored = try passwords.hash(Secret("securepassword123"))
        #expect(stored.hasPrefix("praxis1$3$$2b$04$"))
        #expect(passwords.verify(Secret("securepassword123"), against: stored) == .matches(rehash: false))
        #expect(passwords.verify(Secret("securepassword124"), against: stored) == .differs)
        #expect(passwords.verify(Secret(""), against: stored) == .differs)
        #expect(try passwords.hash(Secret("securepassword123")) != stored)
    }

    @Test func `the scheme is bcrypt of base64 of HMAC-SHA-384, as another program computes it`() {
        // Made with Python's hmac, hashlib and crypt.
        let stored = "praxis1$3$$2b$04$abcdefghijklmnopqrstuusW/dP8kR..SvGpJpRcsbA696.S04p12"
        #expect(passwords.verify(Secret("\u{E9}-password"), against: stored) == .matches(rehash: false))
        #expect(passwords.verify(Secret("e\u{301}-password"), against: stored) == .matches(rehash: false))
        #expect(passwords.verify(Secret("e-password"), against: stored) == .differs)
    }

    @Test func `bytes past the 72nd and past a NUL count, and blanks are never trimmed`() throws {
        let long = String(repeating: "a", count: 100)
        let stored = try passwords.hash(Secret(long))
        #expect(passwords.verify(Secret(long + "b"), against: stored) == .differs)
        #expect(passwords.verify(Secret(String(long.dropLast())), against: stored) == .differs)
        let nul = try passwords.hash(Secret("abc\u{0}def"))
        #expect(passwords.verify(Secret("abc\u{0}deg"), against: nul) == .differs)
        #expect(passwords.verify(Secret("abc\u{0}def"), against: nul) == .matches(rehash: false))
        let blank = try passwords.hash(Secret(" secret "))
        #expect(passwords.verify(Secret("secret"), against: blank) == .differs)
    }

    @Test func `an older pepper still verifies and asks for a new hash; an unknown one does not`() throws {
        let stored = try passwords.hash(Secret("p"))
        let next = Passwords.Pepper(version: 4, secret: Secret("next"))
        let rotated = Passwords(
            pepper: next, older: [.init(version: 3, secret: Secret("pepper-of-the-house"))], cost: 4)
        #expect(rotated.verify(Secret("p"), against: stored) == .matches(rehash: true))
        #expect(Passwords(pepper: next, cost: 4).verify(Secret("p"), against: stored) == .differs)
        #expect(
            Passwords(pepper: .init(version: 3, secret: Secret("other")), cost: 4).verify(Secret("p"), against: stored)
                == .differs)
    }

    @Test func `another cost asks for a new hash`() throws {
        let stored = try passwords.hash(Secret("p"))
        let dearer = Passwords(pepper: .init(version: 3, secret: Secret("pepper-of-the-house")), cost: 5)
        #expect(dearer.needsRehash(stored))
        #expect(dearer.verify(Secret("p"), against: stored) == .matches(rehash: true))
    }

    @Test(arguments: [
        ("jinnah123", "pbkdf2_sha256$1000$seasalt2$ZVillDIkL054ktBnWgpH3sPfjT7yWLkYUP4IxWUSL+M="),
        ("Pässword ☃", "pbkdf2_sha256$260000$xxxxxxxxxxxxxxxxxxxxxx$gBJQo8zQrI6kKfkPLtk4cLlMtjwShMeFUI1FeOu7do4="),
        ("jinnah123", "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuIn/R8RXNIP3rSd1wJFNg/vLkf04yE/O"),
        ("jinnah123", "bcrypt$$2b$04$abcdefghijklmnopqrstuuSsy6bcbwTsURNZeyoUr8tsDbVD4cCra"),
        // jBCrypt's own vectors.
        ("", "bcrypt$$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("abc", "bcrypt$$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    ])
    func `what Django wrote verifies, and asks to be hashed again`(password: String, stored: String) {
        #expect(passwords.verify(Secret(password), against: stored) == .matches(rehash: true))
        #expect(passwords.verify(Secret(password + "x"), against: stored) == .differs)
    }

    @Test(arguments: [
        "", "x", "$", "$$$", "!unusable", "plain", "praxis1$", "praxis1$3$", "praxis1$3$$2b$04$short",
        "praxis1$x$$2b$04$abc",
        "praxis1$-3$$2b$04$abcdefghijklmnopqrstuusW/dP8kR..SvGpJpRcsbA696.S04p12",
        "praxis1$3$$2b$31$abcdefghijklmnopqrstuusW/dP8kR..SvGpJpRcsbA696.S04p12",
        "praxis1$3$$1$$04$abcdefghijklmnopqrstuusW/dP8kR..SvGpJpRcsbA696.S04p12",
        "pbkdf2_sha256$99999999$s$ZVillDIkL054ktBnWgpH3sPfjT7yWLkYUP4IxWUSL+M=", "pbkdf2_sha256$0$s$AAAA",
        "pbkdf2_sha256$-1$s$AAAA", "pbkdf2_sha256$1000$$ZVillDIkL054ktBnWgpH3sPfjT7yWLkYUP4IxWUSL+M=",
        "pbkdf2_sha256$1000$seasalt2$AAAA", "pbkdf2_sha256$1000", "md5$x$y", "sha1$a$b", "bcrypt$*0", "bcrypt$*1",
    ])
    func `a stored form that nobody knows differs, quickly`(stored: String) {
        #expect(passwords.verify(Secret("jinnah123"), against: stored) == .differs)
        #expect(passwords.needsRehash(stored))
    }

    @Test func `an unknown account is as much work as a known one`() throws {
        let done = Locked<[(bytes: Int, cost: Substring)]>([])
        let counted = Passwords(pepper: .init(version: 1, secret: Secret("p")), cost: 8) { prepared, setting in
            done.withLock { $0.append((prepared.count, setting.prefix(7))) }
            return setting
        }
        let stored = "praxis1$1$$2b$08$abcdefghijklmnopqrstuusW/dP8kR..SvGpJpRcsbA696.S04p12"
        _ = counted.verify(Secret("q"), against: stored)
        counted.verifyUnknown(Secret("q"))
        let (known, unknown) = try done.withLock { (try #require($0.first), try #require($0.last)) }
        #expect(done.withLock { $0.count } == 2)
        #expect(known == unknown && known == (64, "$2b$08$"))
    }
}

@Suite struct PasswordStrengthTests {
    @Test(arguments: [("Password1!", 7.8), ("P@ssw0rd1", 5.0), ("Qwerty123!", 10.7), ("Welcome1!", 14.4)])
    func `guessable passwords are refused though they have every class`(password: String, bits: Double) {
        #expect(abs(PasswordStrength.bits(Secret(password)) - bits) < 0.06)
        #expect(PasswordStrength.isGuessable(Secret(password)))
    }

    @Test(arguments: [("securepassword123", 16.1), ("SecurePassword123!", 21.9), ("SecurePass123!", 27.0)])
    func `the documents' own examples pass`(password: String, bits: Double) {
        #expect(abs(PasswordStrength.bits(Secret(password)) - bits) < 0.06)
        #expect(!PasswordStrength.isGuessable(Secret(password)))
    }

    @Test func `one's own name and address are no secret`() {
        let password = Secret("zubaida.quettawala")
        #expect(!PasswordStrength.isGuessable(password))
        #expect(PasswordStrength.isGuessable(password, knowing: ["Zubaida.Quettawala@example.org"]))
    }

    @Test func `length beyond the measured part does not cost time`() {
        let clock = ContinuousClock()
        let time = clock.measure { _ = PasswordStrength.bits(Secret(String(repeating: "aB1!é", count: 100_000))) }
        #expect(time < .seconds(2))
        #expect(PasswordStrength.bits(Secret("")) == 0)
    }
}
