import API
import Audit
import Crypto
import Files
import Kernel
import Net
import Postgres
import Settings

/// `SERVICE audit verify [--json]` and `SERVICE audit key`: what `praxis audit` asks each service's program, since the
/// keys of a chain are the service's own.
enum AuditCommand {
    /// Prints how the trail stands, a line; 0 when it is whole, 1 when it is not.
    static func verify(_ name: ServiceName, asJSON: Bool) async throws -> Int32 {
        let report = try await with(name) { database, keys, file in
            try await AuditVerifier(database, service: name.rawValue, keys: keys, file: file).verify()
        }
        print(asJSON ? report.json : report.line)
        return report.isWhole ? 0 : 1
    }

    /// Prints the public keys that signed heads are verified with (RFC 7517).
    static func tellKeys(_ name: ServiceName) async throws {
        let keys = try await with(name) { _, keys, _ in keys?.published ?? JWKS([]) }
        print(String(decoding: keys.json, as: UTF8.self))
    }

    private static func with<Result: Sendable>(
        _ name: ServiceName, _ body: @escaping @Sendable (Database, AuditKeys?, LineFile) async throws -> Result
    ) async throws -> Result {
        var reader = SettingsReader(try Environment.load())
        let store = StoreSettings(name.rawValue, from: &reader)
        try reader.finish()
        guard let store else { throw StartFault("the settings are incomplete") }
        var settings = store.databaseSettings(name.rawValue)
        settings.statementTimeout = .seconds(600)
        settings.allowsStandby = true
        let group = EventLoopGroup(count: 1)
        let database = Database(settings, group: group)
        defer {
            database.close()
            group.shutDown()
        }
        let file = store.audit.headFile(of: name.rawValue)
        return try await group.run {
            let keys = try await AuditKeys.read(database, sealer: store.sealer, service: name.rawValue)
            return try await body(database, keys, file)
        }
    }
}
