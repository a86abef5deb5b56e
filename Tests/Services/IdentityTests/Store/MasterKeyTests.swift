import API
import Chassis
import Crypto
import Identity
import Kernel
import Sealing
import Settings
import TestSupport
import Testing

struct MasterKeyTests {
    @Test func `under new master keys accounts, mails and signing keys are as before, and the older ones open nothing`()
        async throws
    {
        try await withIdentity { world in
            _ = try await world.register("jane@example.com")
            try await world.forgot("jane@example.com")
            let next = ["DATA_ENCRYPTION_KEY": "2:" + String(repeating: "c2", count: 32)]
            let signing = ["SIGNING_KEY_ENCRYPTION_KEY": "3:" + String(repeating: "c3", count: 32)]
            let both = environment.merging(next) { $1 }.merging(signing) { $1 }.merging(
                environment.filter { $0.key.hasSuffix("ENCRYPTION_KEY") }.map { ("\($0.key)_OTHERS", $0.value) }
            ) { $1 }
            var reader = SettingsReader(Environment(process: both))
            let data = try reader.read(SealerSource.data)
            let settings = try IdentitySettings(&reader)
            let done = try await world.home.asOwner(of: "identity") { owner in
                try await ServiceKeyRotation(of: .identity, in: owner, sealer: data).rotate(
                    Schema.wrappedKeys.map { ($0, $0.masterKey == "DATA_ENCRYPTION_KEY" ? data : settings.signing) })
            }
            #expect(done.values.allSatisfy { $0.unreadable == 0 })
            #expect(
                done.filter { $0.value.rewrapped > 0 }.keys.sorted() == [
                    "account.wrapped_key", "audit_key.wrapped_key", "mail_wish.sealed_address",
                    "service_key.wrapped_key", "signing_key.wrapped_key",
                ])
            let after = environment.merging(next) { $1 }.merging(signing) { $1 }
            let person = try await restarted(world, after).logIn("jane@example.com").user
            #expect(person.email == "jane@example.com")
            await #expect(throws: CryptoFault.self) { try await world.another() }
        }
    }

    /// Another process on the same database, with settings of its own.
    private func restarted(_ world: World, _ environment: [String: String]) async throws -> World {
        var reader = SettingsReader(Environment(process: environment))
        let parts = world.dependencies
        let dependencies = Composition.Dependencies(
            database: parts.database, unit: parts.unit, ledger: parts.ledger, clock: parts.clock,
            metrics: parts.metrics, sealer: try reader.read(SealerSource.data), pool: parts.pool,
            registrations: parts.registrations)
        let settings = try IdentitySettings(&reader)
        return World(
            composition: try await Composition(dependencies, settings), database: world.database, clock: world.clock,
            dependencies: dependencies, settings: settings, home: world.home, registrations: world.registrations)
    }
}
