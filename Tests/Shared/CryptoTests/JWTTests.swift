import Crypto
import Kernel
import Testing

/// Makes tokens, good and bad, the way an attacker with a text editor would.
struct Forge: Sendable {
    static let now = Instant(seconds: 1_800_000_000)
    static let account = ID<Account>(high: 1, low: 2)
    static let session = ID<Session>(high: 3, low: 4)

    let key: SigningKey
    var keys: JWKS { JWKS([key.verifying]) }
    let verifier = TokenVerifier(issuer: "praxis", audience: "praxis-api")

    init() throws { key = try SigningKey.generate() }

    var header: String { #"{"alg":"ES256","typ":"at+jwt","kid":"\#(key.id)"}"# }

    /// The good claims, with some replaced by other JSON, or left out where that is nil.
    func payload(_ changes: [String: String?] = [:]) -> String {
        let good = [
            ("iss", #""praxis""#), ("aud", #""praxis-api""#), ("sub", "\"\(Self.account)\""),
            ("sid", "\"\(Self.session)\""),
            ("role", #""patient""#), ("iat", "1800000000"), ("nbf", "1800000000"), ("exp", "1800000900"),
            ("jti", #""j""#),
        ]
        var members = good.compactMap { name, value -> String? in
            guard let change = changes[name] else { return "\"\(name)\":\(value)" }
            return change.map { "\"\(name)\":\($0)" }
        }
        for (name, value) in changes where !good.contains(where: { $0.0 == name }) {
            if let value { members.append("\"\(name)\":\(value)") }
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    func token(header: String? = nil, payload: String? = nil) throws -> String {
        let input = Base64URL.encode(header ?? self.header) + "." + Base64URL.encode(payload ?? self.payload())
        return input + "." + Base64URL.encode(try key.sign(Array(input.utf8)))
    }

    func refusal(_ token: String, at now: Instant = Forge.now) -> TokenRefusal? {
        do {
            _ = try verifier.verify(token, keys: keys, now: now)
            return nil
        } catch { return error }
    }
}

@Suite struct JWTTests {
    private let forge: Forge

    init() throws { forge = try Forge() }

    @Test(arguments: [(true, false), (false, true), (false, false)])
    func `a token of somebody who must do something first says so, and others have no word of it`(
        isEnrolling: Bool, mustChangePassword: Bool
    ) throws {
        let claims = AccessClaims(
            account: Forge.account, session: Forge.session, role: .admin, isEnrolling: isEnrolling,
            mustChangePassword: mustChangePassword, issuedAt: Forge.now, expiresAt: Forge.now + .seconds(900))
        let token = try TokenIssuer(issuer: "praxis", audience: "praxis-api", key: forge.key).sign(claims)
        let read = try forge.verifier.verify(token, keys: forge.keys, now: Forge.now)
        #expect(read == claims && read.caller.isEnrolling == isEnrolling)
        #expect(read.caller.mustChangePassword == mustChangePassword)
        // No tenant is told of an account that belongs to no hospital.
        #expect(read.caller.tenant == Forge.account.ownTenant)
        let payload = token.split(separator: ".")[1]
        let text = String(decoding: try #require(Base64URL.decode(payload)), as: UTF8.self)
        #expect(text.contains("enrolling") == isEnrolling)
        #expect(text.contains("must_change_password") == mustChangePassword)
    }

    @Test func `a token tells what it was issued with`() throws {
        let claims = AccessClaims(
            account: Forge.account, session: Forge.session, role: .doctor, tenant: ID<Tenant>(high: 5, low: 6),
            username: "dr.who", issuedAt: Forge.now, expiresAt: Forge.now + .seconds(900))
        let token = try TokenIssuer(issuer: "praxis", audience: "praxis-api", key: forge.key).sign(claims)
        #expect(try forge.verifier.verify(token, keys: forge.keys, now: Forge.now) == claims)
        #expect(token.utf8.count < 1024)
        #expect(JWT.unverifiedKeyID(token) == forge.key.id)
        #expect(claims.caller.tenant == claims.tenant)
    }

    @Test func `the forge's own token is good, so what it changes is what is refused`() throws {
        #expect(forge.refusal(try forge.token()) == nil)
        #expect(forge.refusal(try forge.token(payload: forge.payload(["aud": #"["other","praxis-api"]"#]))) == nil)
    }

    @Test func `time is kept to half a minute`() throws {
        let token = try forge.token()
        #expect(forge.refusal(token, at: Forge.now + .seconds(929)) == nil)
        #expect(forge.refusal(token, at: Forge.now + .seconds(930)) == .expired)
        #expect(forge.refusal(token, at: Forge.now - .seconds(30)) == nil)
        #expect(forge.refusal(token, at: Forge.now - .seconds(31)) == .notYetValid)
    }

    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "HS256", "HS384", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA",
        "es256", "",
    ])
    func `no other algorithm is spoken`(algorithm: String) throws {
        let header = #"{"alg":"\#(algorithm)","typ":"at+jwt","kid":"\#(forge.key.id)"}"#
        #expect(forge.refusal(try forge.token(header: header)) == .algorithm)
        let unsigned = Base64URL.encode(header) + "." + Base64URL.encode(forge.payload()) + "."
        #expect(forge.refusal(unsigned) == .algorithm)
    }

    @Test func `our public key is no HMAC secret`() throws {
        let header = #"{"alg":"HS256","typ":"at+jwt","kid":"\#(forge.key.id)"}"#
        let input = Base64URL.encode(header) + "." + Base64URL.encode(forge.payload())
        let pem = try forge.key.verifying.pem()
        let der = Base64.decode(pem.split(separator: "\n").dropFirst().dropLast().joined()) ?? []
        for secret in [Array(pem.utf8), der, forge.keys.json, forge.key.verifying.x] {
            let token = input + "." + Base64URL.encode(HMACKey(secret).sign(input))
            #expect(forge.refusal(token) == .algorithm)
        }
    }

    @Test(arguments: [
        ("", TokenRefusal.malformed), ("{}", .algorithm), ("[]", .malformed), ("null", .malformed),
        ("\"x\"", .malformed),
        (#"{"typ":"at+jwt","kid":"KID"}"#, .algorithm), (#"{"alg":["ES256"],"typ":"at+jwt","kid":"KID"}"#, .algorithm),
        (#"{"alg":null,"typ":"at+jwt","kid":"KID"}"#, .algorithm), (#"{"alg":"ES256","kid":"KID"}"#, .type),
        (#"{"alg":"ES256","typ":"JWT","kid":"KID"}"#, .type), (#"{"alg":"ES256","typ":["at+jwt"],"kid":"KID"}"#, .type),
        (#"{"alg":"ES256","typ":"refresh+jwt","kid":"KID"}"#, .type), (#"{"alg":"ES256","typ":"","kid":"KID"}"#, .type),
        (#"{"alg":"ES256","typ":"at+jwt"}"#, .key), (#"{"alg":"ES256","typ":"at+jwt","kid":""}"#, .key),
        (#"{"alg":"ES256","typ":"at+jwt","kid":["KID"]}"#, .key), (#"{"alg":"ES256","typ":"at+jwt","kid":1}"#, .key),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"}"#, .key),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"' or '1'='1"}"#, .key),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID "}"#, .key),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID\u0000"}"#, .key),
        (#"{"alg":"ES256","alg":"ES256","typ":"at+jwt","kid":"KID"}"#, .malformed),
        (#"{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"KID"}"#, .malformed),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["exp"]}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":[]}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","b64":false,"crit":["b64"]}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","zip":"DEF"}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","jku":"https://evil.example/k"}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","x5u":"https://evil.example/c"}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","x5c":["AQ"]}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","x5t":"AQ"}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","jwk":{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID","epk":{}}"#, .header),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID",}"#, .malformed),
        (#"{"alg":"ES256","typ":"at+jwt","kid":"KID"} x"#, .malformed),
        ("\u{FEFF}{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"KID\"}", .malformed),
    ])
    func `a header that is not exactly ours is refused, however well signed`(header: String, refusal: TokenRefusal)
        throws
    {
        let header = header.split(separator: "KID", omittingEmptySubsequences: false).joined(separator: forge.key.id)
        #expect(forge.refusal(try forge.token(header: header)) == refusal)
    }

    @Test(
        arguments: [
            (["iss": nil], TokenRefusal.issuer), (["iss": #""other""#], .issuer), (["iss": #"["praxis"]"#], .issuer),
            (["aud": nil], .audience), (["aud": #""other""#], .audience), (["aud": "[]"], .audience),
            (["aud": #"["praxis-api",1]"#], .audience), (["aud": "null"], .audience), (["sub": nil], .claims),
            (["sub": "1"], .claims),
            (["sub": #""x""#], .claims), (["sid": nil], .claims), (["sid": #""""#], .claims), (["role": nil], .claims),
            (["role": #""root""#], .claims), (["role": #"["admin"]"#], .claims), (["jti": nil], .claims),
            (["jti": #""""#], .claims),
            (["iat": nil], .claims), (["iat": #""1800000000""#], .claims), (["iat": "-1"], .claims),
            (["nbf": nil], .claims),
            (["nbf": "1e9"], .claims), (["exp": nil], .claims), (["exp": #""1800000900""#], .claims),
            (["exp": "1800000900.5"], .claims),
            (["exp": "9223372036854775807"], .claims), (["exp": "92233720368547758070"], .claims),
            (["exp": "1e400"], .malformed),
            (["exp": "null"], .claims), (["exp": "1799999970"], .expired), (["iat": "1800000031"], .notYetValid),
            (["nbf": "1800000031"], .notYetValid), (["exp": "1800000000"], .claims), (["tenant": "1"], .claims),
            (["tenant": "null"], .claims), (["username": "{}"], .claims), (["x": "[[[[[1]]]]]"], .malformed),
            (["enrolling": "null"], .claims), (["enrolling": "1"], .claims), (["enrolling": #""true""#], .claims),
        ] as [([String: String?], TokenRefusal)])
    func `a claim that is missing or wrong is refused`(changes: [String: String?], refusal: TokenRefusal) throws {
        #expect(forge.refusal(try forge.token(payload: forge.payload(changes))) == refusal)
    }

    @Test func `equal claims are refused, and so is a payload that is no object`() throws {
        let twice = forge.payload().dropLast() + #","sub":"x"}"#
        #expect(forge.refusal(try forge.token(payload: String(twice))) == .malformed)
        for payload in ["", "[]", "1", "null", "{", "not json"] {
            #expect(forge.refusal(try forge.token(payload: payload)) == .malformed)
        }
    }

    @Test func `a signature is 64 bytes of r and s over exactly these parts`() throws {
        let token = try forge.token()
        let parts = token.split(separator: ".").map(String.init)
        let good = Base64URL.decode(parts[2]) ?? []
        func with(_ signature: [UInt8]) -> TokenRefusal? {
            forge.refusal("\(parts[0]).\(parts[1]).\(Base64URL.encode(signature))")
        }
        #expect(with(good) == nil)
        #expect(with([]) == .signature)
        #expect(with([UInt8](repeating: 0, count: 64)) == .signature)
        #expect(with(Array(good.dropLast())) == .signature)
        #expect(with(good + [0]) == .signature)
        #expect(with([0] + good) == .signature)
        #expect(with([0x30, 0x44, 0x02, 0x20] + good.prefix(32) + [0x02, 0x20] + good.suffix(32)) == .signature)
        #expect(with(Array(good.suffix(32) + good.prefix(32))) == .signature)
        // s and n − s both verify in plain ECDSA; r + n does not fit in 32 bytes, so only a changed byte is left to
        // try.
        for index in stride(from: 0, to: 64, by: 7) {
            var changed = good
            changed[index] ^= 0x80
            #expect(with(changed) == .signature)
        }
        let other = try forge.token(payload: forge.payload(["role": #""admin""#])).split(separator: ".").map(
            String.init)
        #expect(forge.refusal("\(parts[0]).\(other[1]).\(parts[2])") == .signature)
    }

    @Test func `a good token first does not help the same one with another signature`() throws {
        let token = try forge.token()
        #expect(forge.refusal(token) == nil)
        let cut = token.lastIndex(of: ".") ?? token.startIndex
        let forged = token[...cut] + Base64URL.encode(Random.bytes(64))
        #expect(forge.refusal(String(forged)) == .signature)
        #expect(JWT.cacheKey(token) != JWT.cacheKey(String(forged)))
    }

    @Test func `the form is three canonical parts`() throws {
        let token = try forge.token()
        let parts = token.split(separator: ".").map(String.init)
        let wrong = [
            "", ".", "..", "...", parts[0], "\(parts[0]).\(parts[1])", token + ".", token + ".AQ", "." + token,
            token + "=",
            "\(parts[0])=.\(parts[1]).\(parts[2])", " " + token, token + "\n", "Bearer " + token,
            "\(parts[0]).\(parts[1])..\(parts[2])",
            token.split(separator: ".").joined(separator: ".\u{0}"), token + "%3D", String(token.dropLast()) + "+",
            "é." + token,
            #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#,
        ]
        for token in wrong { #expect(forge.refusal(token) == .malformed, "\(token)") }
    }

    @Test func `bits that no canonical text has are refused`() throws {
        let token = try forge.token()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        // 64 bytes end in a digit of which four bits say nothing: they must be zero.
        let last = try #require(token.last.flatMap { alphabet.firstIndex(of: $0) })
        for bits in 1..<16 {
            #expect(forge.refusal(String(token.dropLast()) + String(alphabet[last | bits])) == .malformed)
        }
    }

    @Test func `a token of more than 2 KiB is not even read`() throws {
        let long = try forge.token(payload: forge.payload(["x": "\"" + String(repeating: "a", count: 2048) + "\""]))
        #expect(forge.refusal(long) == .malformed)
        let kid = String(repeating: "k", count: 65_536)
        #expect(
            forge.refusal(try forge.token(header: #"{"alg":"ES256","typ":"at+jwt","kid":"\#(kid)"}"#)) == .malformed)
        #expect(JWT.unverifiedKeyID(long) == nil)
    }

    @Test func `a retired key and another's key are unknown`() throws {
        let other = try Forge()
        #expect(forge.refusal(try other.token()) == .key)
        #expect(forge.refusal(try other.token(header: forge.header)) == .signature)
        #expect(throws: TokenRefusal.key) {
            try forge.verifier.verify(try forge.token(), keys: JWKS([]), now: Forge.now)
        }
    }
}
