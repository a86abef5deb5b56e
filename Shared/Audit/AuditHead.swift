import Crypto
import JSON
import Kernel

/// Where a chain ended at some time, signed (a JWS, ES256): kept outside the database it shows what is missing from it.
struct AuditHead: Sendable, Equatable {
    let service: String
    let batch: Int64
    let hash: [UInt8]
    let signedAt: Instant

    static let type = "praxis-audit-head+jws"

    func signed(with key: SigningKey) throws(CryptoFault) -> String {
        var json = JSONWriter(reserving: 256)
        json.object {
            $0.field("service", service)
            $0.field("batch", batch)
            $0.field("hash", Hex.encode(hash))
            $0.field("signed_at", signedAt.rfc3339)
        }
        return try CompactJWS.sign(json.bytes, type: Self.type, with: key)
    }

    init(service: String, batch: Int64, hash: [UInt8], signedAt: Instant) {
        self.service = service
        self.batch = batch
        self.hash = hash
        self.signedAt = signedAt
    }

    /// Nil when no key of these has signed it, or it is of another service.
    init?(_ token: String, of service: String, keys: JWKS) {
        guard let bytes = try? CompactJWS.open(token, type: Self.type, keys: keys),
            let json = try? JSONReader.read(bytes), json["service"]?.string == service,
            let batch = json["batch"]?.integer, let hash = json["hash"]?.string.flatMap({ Hex.decode($0) }),
            let signedAt = json["signed_at"]?.string.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(service: service, batch: batch, hash: hash, signedAt: signedAt)
    }
}
