package import Crypto
import Kernel
package import Postgres

/// What seals identity's personal columns and finds them again: a data key per account, one of the service's own for
/// its sessions, the keyed indexes of emails, of devices and of what was typed at login, and what codes are kept under.
package struct Vault: Sendable {
    let sealer: Sealer
    let sessions: DataKey
    let emails: BlindIndex
    let attempts: BlindIndex
    let devices: BlindIndex
    /// What one-time codes are kept under.
    let codes: HMACKey

    package init(sealer: Sealer, sessions: DataKey, indexKey: HMACKey) {
        self.sealer = sealer
        self.sessions = sessions
        codes = indexKey
        emails = BlindIndex(key: indexKey, field: "account.email")
        attempts = BlindIndex(key: indexKey, field: "login.subject")
        devices = BlindIndex(key: indexKey, field: "account.device")
    }

    private static let purpose = "identity columns"
    private static let place = SealedPlace(table: "service_key", row: purpose, column: "sealed_secret")

    /// Opens the service's own keys, which the first process of all makes. They are kept wrapped, so that a new
    /// master key changes nothing that was sealed or indexed.
    package static func open(_ database: Database, sealer: Sealer) async throws -> Vault {
        if let vault = try await kept(database, sealer) { return vault }
        let (key, wrapped) = try sealer.makeKey(for: purpose)
        let secret = try key.seal(Random.bytes(32), at: place)
        try await database.run(
            """
            insert into service_key (purpose, wrapped_key, sealed_secret) values (\(purpose), \(wrapped), \(secret))
            on conflict (purpose) do nothing
            """)
        // Whoever came first has the keys.
        guard let vault = try await kept(database, sealer) else { throw DatabaseUnavailable(.lost) }
        return vault
    }

    private static func kept(_ database: Database, _ sealer: Sealer) async throws -> Vault? {
        let row = Projection(Column<[UInt8]>("wrapped_key"), Column<[UInt8]>("sealed_secret"))
        let keys = try await database.read(row) { "select \($0) from service_key where purpose = \(purpose)" }
        guard let (wrapped, secret) = keys.first else { return nil }
        let key = try sealer.unwrap(wrapped, for: purpose)
        return Vault(sealer: sealer, sessions: key, indexKey: HMACKey(try key.open(secret, at: place)))
    }
}
