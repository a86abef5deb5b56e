import Crypto
import Kernel
import Notifier
import Testing

struct WebhookSignatureTests {
    let hook = ID<Hook>(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0001)
    let sealer: Sealer

    init() throws {
        let key = Secret(Base64URL.encode([UInt8](repeating: 7, count: 32)))
        sealer = Sealer(master: try MasterKey(version: 1, secret: key))
    }

    /// Computed by PyPI's standardwebhooks 1.1.0.
    @Test func `a signature is the one that Standard Webhooks computes`() {
        let fields = WebhookSignature.fields(
            ID(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0002), at: Instant(seconds: 1_760_000_000),
            body: "{\"type\":\"ping\"}", secrets: [HookSecret(bytes: Array(0..<32)), HookSecret(bytes: Array(1...32))])
        #expect(
            fields == [
                "webhook-id: 0190a5e4-0000-7000-8000-000000000002", "webhook-timestamp: 1760000000",
                "webhook-signature: v1,YqbWE0M6rH6MHUDZqoOUO9nLRi1eGKdxFVFTIFPGO4E= "
                    + "v1,db2wfVtrp3FscqSnZJBHBsx3jggdAvcQcZow+40H/Jg=",
            ])
    }

    @Test func `a secret is whsec_ and base64 of 32 bytes, and prints as dots`() throws {
        let (secret, _) = try HookSecrets(sealer: sealer).make(for: hook)
        #expect(secret.exposed().hasPrefix("whsec_"))
        #expect(Base64.decode(String(secret.exposed().dropFirst(6)))?.count == 32)
        #expect("\(secret)" == "•••" && String(reflecting: secret) == "•••")
    }

    @Test func `for a day after a rotation both secrets sign, the new one first`() throws {
        let secrets = HookSecrets(sealer: sealer)
        let now = Instant(seconds: 1_760_000_000)
        let (first, kept) = try secrets.make(for: hook)
        let (second, rotated) = try secrets.rotate(kept, of: hook, at: now)
        #expect(first != second)
        #expect(try secrets.open(kept, of: hook, at: now) == [first])
        #expect(try secrets.open(rotated, of: hook, at: now + .seconds(86_399)) == [second, first])
        #expect(try secrets.open(rotated, of: hook, at: now + .seconds(86_400)) == [second])
        #expect(rotated.isRotating(at: now) && !rotated.isRotating(at: now + .seconds(86_400)))
    }

    @Test func `what was sealed for one hook or column opens for no other`() throws {
        let secrets = HookSecrets(sealer: sealer)
        let now = Instant(seconds: 1_760_000_000)
        let (_, kept) = try secrets.make(for: hook)
        #expect(throws: (any Error).self) {
            try secrets.open(kept, of: ID(high: hook.high, low: hook.low + 1), at: now)
        }
        let (_, rotated) = try secrets.rotate(kept, of: hook, at: now)
        let swapped = SealedHookSecrets(
            wrappedKey: rotated.wrappedKey, secret: try #require(rotated.old), old: rotated.secret,
            oldUntil: rotated.oldUntil)
        #expect(throws: (any Error).self) { try secrets.open(swapped, of: hook, at: now) }
    }
}
