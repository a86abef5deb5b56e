import API
import Chassis
import Crypto
import Kernel
import Sealing
import Settings
import TestSupport
import Testing
import Web

@Suite struct MasterKeyTests {
    private static let first = String(repeating: "a1", count: 32)
    private static let second = "2:" + String(repeating: "a2", count: 32)

    @Test func `a stored answer is given again under a new master key, without the older one`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            let next = try MasterKey(Secret(Self.second))
            let both = Sealer(master: next, others: [try ServiceFixture.master()])
            let done = try await fixture.home.asOwner(of: "registry") {
                try await ServiceKeyRotation(of: .registry, in: $0, sealer: both).rotate([])
            }
            #expect(done["idempotency_key.answer"] == .init(rewrapped: 1))
            let after = try ServiceFixture(fixture.database, fixture.home, sealer: Sealer(master: next))
            await #expect(throws: Replay.self) { try await after.unit.recall(ServiceFixture.call(key: "k1")) }
            await #expect(throws: CryptoFault.self) { try await fixture.unit.recall(ServiceFixture.call(key: "k1")) }
        }
    }

    @Test func `a master key is read with those that open beside it`() throws {
        let alone = try read(["DATA_ENCRYPTION_KEY": Self.first])
        let both = try read(["DATA_ENCRYPTION_KEY": Self.second, "DATA_ENCRYPTION_KEY_OTHERS": Self.first])
        #expect(alone.version == 1 && both.version == 2)
        let wrapped = try alone.makeKey(for: "a").wrapped
        _ = try both.unwrap(wrapped, for: "a")
    }

    @Test(arguments: [
        ["DATA_ENCRYPTION_KEY": ""], ["DATA_ENCRYPTION_KEY": "short"],
        ["DATA_ENCRYPTION_KEY": first, "DATA_ENCRYPTION_KEY_OTHERS": "2:short"],
        ["DATA_ENCRYPTION_KEY": first, "DATA_ENCRYPTION_KEY_OTHERS": String(repeating: "a3", count: 32)],
        ["DATA_ENCRYPTION_KEY": first, "DATA_ENCRYPTION_KEY_OTHERS": "\(second), \(second)"],
    ]) func `what is no master key, and a version that is named twice, is refused without showing it`(
        _ environment: [String: String]
    ) throws {
        let faults = #expect(throws: SettingsFaults.self) { _ = try read(environment) }
        #expect(faults?.description.contains("a3a3") == false)
    }

    private func read(_ environment: [String: String]) throws -> Sealer {
        var reader = SettingsReader(Environment(process: environment))
        return try reader.read(SealerSource.data)
    }
}
