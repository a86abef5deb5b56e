import API
import Chassis
import Crypto
import Kernel
import Registry
import RegistryDomain
import Sealing
import TestSupport
import Testing

@Suite struct MasterKeyTests {
    @Test func `under a new master key patients of all tenants are read, providers too, and the older opens nothing`()
        async throws
    {
        try await withWorld { w in
            let fixture = Fixture(
                database: w.database, home: w.home, vault: try await Vault.open(w.database, sealer: Fixture.sealer()),
                patients: PatientStore(
                    database: w.database, vault: try await Vault.open(w.database, sealer: Fixture.sealer())),
                doctors: DoctorStore(database: w.database),
                mappings: MappingStore(
                    database: w.database, vault: try await Vault.open(w.database, sealer: Fixture.sealer())))
            let record = try await fixture.add(.canary, by: fixture.alice)
            _ = try await fixture.add(.named("Other", "Tenant"), by: fixture.bob)
            _ = try await w.registerProvider()
            let (next, old) = (
                try MasterKey(Secret("2:" + String(repeating: "c2", count: 32))),
                try MasterKey(version: 1, secret: Secret(Hex.encode([UInt8](repeating: 7, count: 32))))
            )
            let both = Sealer(master: next, others: [old])
            let done = try await w.home.asOwner(of: "registry") { owner in
                try await ServiceKeyRotation(of: .registry, in: owner, sealer: both).rotate(
                    Schema.wrappedKeys.map { ($0, both) })
            }
            #expect(done["data_key.wrapped"] == .init(rewrapped: 2))
            #expect(done["provider.wrapped_key"] == .init(rewrapped: 1))
            #expect(done["service_key.wrapped"] == .init(rewrapped: 1))
            let vault = try await Vault.open(w.database, sealer: Sealer(master: next))
            let found = try await PatientStore(database: w.database, vault: vault).find(
                record.id, for: fixture.alice)
            #expect(found?.details == record.details)
            await #expect(throws: CryptoFault.self) {
                _ = try await Vault.open(w.database, sealer: Fixture.sealer())
            }
        }
    }
}
