import API
import Audit
package import Crypto
package import Kernel
package import Postgres
package import Settings

/// Further settings of a service with tables.
package struct StoreSettings: Sendable {
    package let database: DatabaseAddress
    let pooler: DatabaseSettings.Pooler
    package let migratesOnStart: Bool
    /// Wraps the keys of what is kept sealed.
    package let sealer: Sealer
    /// Signs cursors and links, keys blind indexes.
    package let secret: Secret
    let audit: AuditSettings

    private static let migrates = Setting.flag(
        "MIGRATE_ON_START", default: true, help: "Bring the schema up to date before serving.")
    private static let pooler = Setting<DatabaseSettings.Pooler>.choice(
        "DATABASE_POOLER", default: DatabaseSettings.Pooler.none,
        help: "session where a connection pooler in session mode stands before PostgreSQL; none for no pooler.")
    private static let secretKey = Setting<Secret>.secret(
        "SECRET_KEY", aliases: ["JWT_SECRET"], minimumBytes: 32, help: "Signs cursors and links, keys blind indexes.")

    package static func declarations(of name: String) -> [SettingDeclaration] {
        DatabaseSource(service: name).declarations + pooler.declarations + migrates.declarations
            + SealerSource.data.declarations + secretKey.declarations + AuditSettings.declarations
    }

    package init?(_ name: String, from reader: inout SettingsReader) {
        let database = DatabaseSource(service: name).read(from: &reader)
        let pooler = Self.pooler.read(from: &reader)
        let (migrates, secret) = (Self.migrates.read(from: &reader), Self.secretKey.read(from: &reader))
        let (sealer, audit) = (SealerSource.data.read(from: &reader), AuditSettings(from: &reader))
        guard let database, let pooler, let migrates, let secret, let sealer, let audit else { return nil }
        self.sealer = sealer
        self.database = database
        self.pooler = pooler
        migratesOnStart = migrates
        self.secret = secret
        self.audit = audit
    }

    /// The login of the address owns the service's schema; the service itself works as a role that owns nothing.
    package func databaseSettings(_ name: String) -> DatabaseSettings {
        Self.databaseSettings(name, at: database, pooler)
    }

    static func databaseSettings(
        _ name: String, at address: DatabaseAddress, _ pooler: DatabaseSettings.Pooler
    ) -> DatabaseSettings {
        DatabaseSettings(
            url: address.connectionString, schema: name, role: "\(name)_service", applicationName: "praxis \(name)",
            pooler: pooler)
    }

    /// For a command that asks for nothing but the database.
    static func readDatabase(_ name: String, from reader: inout SettingsReader) throws -> DatabaseSettings {
        let address = try reader.read(DatabaseSource(service: name))
        return databaseSettings(name, at: address, try reader.read(pooler))
    }
}
