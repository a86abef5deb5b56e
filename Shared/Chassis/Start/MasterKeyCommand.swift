import API
import Audit
import Crypto
import Kernel
import Net
import Postgres
import Sealing
import Settings

/// `SERVICE keys rotate --master`: what `praxis keys rotate --master` asks each service's program, since nobody else
/// has its master key. Services go on reading and writing meanwhile; stopped anywhere, it is started again.
enum MasterKeyCommand {
    /// Prints what was done to each column; 0 when the current master key wraps everything, else 1.
    static func rotate(_ name: ServiceName, _ wrapped: [WrappedKeys]) async throws -> Int32 {
        var reader = SettingsReader(try Environment.load())
        let store = StoreSettings(name.rawValue, from: &reader)
        var sealers: [String: Sealer] = [:]
        for master in Set(wrapped.map(\.masterKey)) {
            sealers[master] = SealerSource(master, help: "").read(from: &reader)
        }
        try reader.finish()
        guard let store else { throw StartFault("the settings are incomplete") }
        let group = EventLoopGroup(count: 1)
        let database = Database(settings(name, store), group: group)
        defer {
            database.close()
            group.shutDown()
        }
        return try await group.run { [sealers] in
            let rotation = ServiceKeyRotation(of: name, in: database, sealer: store.sealer)
            let found = try await rotation.rotate(
                wrapped.map { ($0, sealers[$0.masterKey] ?? store.sealer) }, tell: say)
            return found.values.allSatisfy { $0.unreadable == 0 } ? 0 : 1
        }
    }

    private static func say(_ column: String, _ outcome: MasterKeyRotation.Outcome) {
        let left = outcome.unreadable == 0 ? "" : "; \(outcome.unreadable) DO NOT OPEN with the master keys given"
        print("\(column): \(outcome.rewrapped) wrapped anew\(left)")
    }

    /// The login's own role, which owns the tables: what the service must not change, as keys of the audit chain, is
    /// wrapped anew too.
    private static func settings(_ name: ServiceName, _ store: StoreSettings) -> DatabaseSettings {
        var settings = store.databaseSettings(name.rawValue)
        settings.role = nil
        settings.statementTimeout = .seconds(600)
        settings.timeout = .seconds(600)
        return settings
    }
}
