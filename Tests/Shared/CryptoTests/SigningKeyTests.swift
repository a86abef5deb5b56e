import Crypto
import JSON
import Kernel
import Testing

@Suite struct SigningKeyTests {
    private let message = Array("message".utf8)

    @Test func `a key signs 64 bytes that its public half verifies`() throws {
        let key = try SigningKey.generate()
        let signature = try key.sign(message)
        #expect(signature.count == 64)
        #expect(key.verifying.verify(signature, for: message))
        #expect(!key.verifying.verify(signature, for: Array("messagf".utf8)))
        #expect(try !SigningKey.generate().verifying.verify(signature, for: message))
        for index in [0, 31, 32, 63] {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.verifying.verify(changed, for: message))
        }
    }

    @Test func `signatures of other lengths and of zeros never verify`() throws {
        let key = try SigningKey.generate()
        let signature = try key.sign(message)
        for wrong in [[], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 64)] {
            #expect(!key.verifying.verify(wrong, for: message))
        }
    }

    @Test func `a key goes through PEM and back`() throws {
        let key = try SigningKey.generate()
        let pem = try key.pem()
        #expect(pem.expose().hasPrefix("-----BEGIN PRIVATE KEY-----"))
        let again = try SigningKey(pem: pem)
        #expect(again.verifying == key.verifying)
        #expect(key.verifying.verify(try again.sign(message), for: message))
        #expect(try VerifyingKey(pem: key.verifying.pem()) == key.verifying)
    }

    @Test(arguments: ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func `what is no key is refused`(pem: String) {
        #expect(throws: CryptoFault.self) { try SigningKey(pem: Secret(pem)) }
        #expect(throws: CryptoFault.self) { try VerifyingKey(pem: pem) }
    }

    @Test func `a public key is no private one, and other curves are none of ours`() throws {
        let pem = try SigningKey.generate().verifying.pem()
        #expect(throws: CryptoFault.self) { try SigningKey(pem: Secret(pem)) }
        // An Ed25519 key (RFC 8410 §10.3).
        let other = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----

            """
        #expect(throws: CryptoFault.self) { try SigningKey(pem: Secret(other)) }
    }

    @Test func `a point beside the curve is refused`() throws {
        var (x, y) = (try SigningKey.generate().verifying.x, [UInt8](repeating: 1, count: 32))
        #expect(throws: CryptoFault.self) { try VerifyingKey(x: x, y: y) }
        x = [UInt8](repeating: 0, count: 32)
        y = [UInt8](repeating: 0, count: 32)
        #expect(throws: CryptoFault.self) { try VerifyingKey(x: x, y: y) }
        #expect(throws: CryptoFault.self) { try VerifyingKey(x: [1], y: [2]) }
    }

    @Test func `the id is the thumbprint of RFC 7638, so it is the same for both halves`() throws {
        let key = try SigningKey.generate()
        #expect(key.id == (try VerifyingKey(x: key.verifying.x, y: key.verifying.y)).id)
        #expect(key.id.utf8.count == 43)
    }

    @Test func `nothing prints a private key`() throws {
        let key = try SigningKey.generate()
        var text = "\(key) "
        dump(key, to: &text)
        #expect(!text.contains("PRIVATE"))
        #expect(text.utf8.count < 200)
    }
}

@Suite struct JWKSTests {
    @Test func `a set is published without private members and read back`() throws {
        let set = JWKS([try SigningKey.generate().verifying, try SigningKey.generate().verifying])
        let document = try JSONReader.read(set.json)
        #expect(document["keys"]?.array?.first?.object?.map(\.key) == ["kty", "use", "alg", "crv", "kid", "x", "y"])
        #expect(try JWKS(json: set.json) == set)
        #expect(set[set.keys[1].id] == set.keys[1])
        #expect(set["other"] == nil)
    }

    @Test(arguments: [#""use":"enc""#, #""key_ops":["sign"]"#, #""key_ops":"verify""#, #""alg":"ES384""#])
    func `a key published for something else is left out`(member: String) throws {
        let key = try SigningKey.generate().verifying
        let (x, y) = (Base64URL.encode(key.x), Base64URL.encode(key.y))
        func keys(_ member: String) throws -> Int {
            let json = #"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"\#(x)","y":"\#(y)",\#(member)}]}"#
            return try JWKS(json: Array(json.utf8)).keys.count
        }
        #expect(try keys(member) == 0)
        #expect(try keys(#""key_ops":["verify"]"#) == 1)
    }

    @Test func `keys of other kinds are left out`() throws {
        let json = #"{"keys":[{"kty":"RSA","kid":"r","n":"AQ","e":"AQAB"},{"kty":"oct","kid":"o","k":"AQ"}]}"#
        #expect(try JWKS(json: Array(json.utf8)).keys.isEmpty)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AQ","y":"AQ"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","d":"AQ","x":"AQ","y":"AQ"}]}"#,
    ])
    func `a broken set is refused`(json: String) {
        #expect(throws: CryptoFault.self) { try JWKS(json: Array(json.utf8)) }
    }

    @Test func `two keys of one id are refused`() throws {
        let key = try SigningKey.generate().verifying
        #expect(throws: CryptoFault.self) { try JWKS(json: JWKS([key, key]).json) }
    }
}
