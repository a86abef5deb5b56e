import Crypto
import Foundation
import JSON
import Testing

/// Other people's vectors, read from beside the checkout; the cases that matter most are in `JWTTests` too.
@Suite struct WycheproofTests {
    private static func read(_ name: String) -> JSONValue? {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let path = root.appendingPathComponent("../shared/corpora/jose/\(name)").path
        guard let data = FileManager.default.contents(atPath: path) else {
            print("SKIP: Wycheproof is not beside the checkout: \(name)")
            return nil
        }
        let limits = JSONLimits(nodes: 10_000_000, stringBytes: 1 << 24, bytes: 1 << 26)
        guard let document = try? JSONReader.read([UInt8](data), limits: limits) else {
            Issue.record("\(name) does not read")
            return nil
        }
        return document
    }

    @Test func `every invalid JWS is refused and every valid ES256 one accepted`() throws {
        guard let groups = Self.read("json_web_signature_test.json")?["testGroups"]?.array else { return }
        var (refused, accepted) = (0, 0)
        for group in groups {
            let key = group["public"] ?? group["private"] ?? .null
            var writer = JSONWriter()
            writer.object { $0.array("keys") { $0.value(key["d"] == nil ? key : .null) } }
            let keys = (try? JWKS(json: writer.bytes)) ?? JWKS([])
            for test in group["tests"]?.array ?? [] {
                let opened = try? CompactJWS.open(test["jws"]?.string ?? "", type: nil, keys: keys)
                let isOurs = test["result"]?.string == "valid" && key["alg"]?.string == "ES256"
                #expect((opened != nil) == isOurs, "case \(test["tcId"]?.integer ?? 0)")
                if opened == nil { refused += 1 } else { accepted += 1 }
            }
        }
        #expect(accepted == 2)
        #expect(refused == 399)
    }

    @Test func `every ECDSA vector in fixed width is judged rightly`() throws {
        guard let groups = Self.read("ecdsa_secp256r1_sha256_p1363_test.json")?["testGroups"]?.array else { return }
        var judged = 0
        for group in groups {
            let key = try VerifyingKey(pem: group["publicKeyPem"]?.string ?? "")
            for test in group["tests"]?.array ?? [] {
                let message = Hex.decode(test["msg"]?.string ?? "") ?? []
                let signature = Hex.decode(test["sig"]?.string ?? "") ?? []
                #expect(
                    key.verify(signature, for: message) == (test["result"]?.string == "valid"),
                    "case \(test["tcId"]?.integer ?? 0)")
                judged += 1
            }
        }
        #expect(judged == 262)
    }
}
