import API
import Chassis
import Crypto
import Kernel
import Scheduling
import Sealing
import TestSupport
import Testing

@Suite struct MasterKeyTests {
    @Test func `patients' keys and the service's own are wrapped anew, each for its owner`() async throws {
        try await withWorld { w in
            _ = try await w.book()
            let old = try MasterKey(version: 1, secret: Secret(Hex.encode([UInt8](repeating: 7, count: 32))))
            let next = try MasterKey(Secret("2:" + String(repeating: "c2", count: 32)))
            let both = Sealer(master: next, others: [old])
            let done = try await w.home.asOwner(of: "scheduling") { owner in
                try await ServiceKeyRotation(of: .scheduling, in: owner, sealer: both).rotate(
                    Schema.wrappedKeys.map { ($0, both) })
            }
            #expect(done["data_key.wrapped"] == .init(rewrapped: 1))
            #expect(done["service_key.wrapped"] == .init(rewrapped: 1))
            await #expect(throws: CryptoFault.self) {
                try await ServiceKeys.open(w.database, sealer: Sealer(master: old), purpose: "scheduling")
            }
            _ = try await ServiceKeys.open(w.database, sealer: Sealer(master: next), purpose: "scheduling")
        }
    }
}
