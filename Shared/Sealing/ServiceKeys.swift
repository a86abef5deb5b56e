package import Crypto
package import Postgres

/// A service's own keys, which belong to no tenant: a data key for rows of the service's own, and the secret under its
/// keyed indexes and codes. They stand in the table `service_key` (`SealingSchema`), wrapped, so that a new master key
/// changes nothing that was sealed or indexed.
package struct ServiceKeys: Sendable {
    /// Seals rows that have no owner with a key.
    package let sealing: DataKey
    /// What keyed hashes are made with.
    package let secret: HMACKey

    /// The keyed index of a field, as `registry.patient.email`: equal texts of it have one digest, and no other field
    /// has the same.
    package func index(of field: String) -> BlindIndex { BlindIndex(key: secret, field: field) }

    /// Opens the keys, and makes them when there are none yet; of several processes that start at once the first one's
    /// are kept.
    /// - Parameters:
    ///   - purpose: names the row, and is bound into it.
    ///   - column: where the wrapped key stands; identity's table has an older name for it.
    package static func open(
        _ database: Database, sealer: Sealer, purpose: String, column: SQL = "wrapped"
    ) async throws -> ServiceKeys {
        if let keys = try await read(database, sealer, purpose, column) { return keys }
        let (key, wrapped) = try sealer.makeKey(for: purpose)
        let secret = try key.seal(Random.bytes(32), authenticating: associatedData(purpose))
        try await database.run(
            """
            insert into service_key (purpose, \(sql: column), sealed_secret)
            values (\(purpose), \(wrapped), \(secret)) on conflict (purpose) do nothing
            """)
        guard let keys = try await read(database, sealer, purpose, column) else {
            throw BrokenRow("service_key", purpose)
        }
        return keys
    }

    private static func read(
        _ database: Database, _ sealer: Sealer, _ purpose: String, _ column: SQL
    ) async throws -> ServiceKeys? {
        let row = Projection(Column<[UInt8]>(column), Column<[UInt8]>("sealed_secret"))
        let rows = try await database.read(row) { "select \($0) from service_key where purpose = \(purpose)" }
        guard let (wrapped, secret) = rows.first else { return nil }
        let key = try sealer.unwrap(wrapped, for: purpose)
        return ServiceKeys(sealing: key, secret: HMACKey(try key.open(secret, authenticating: associatedData(purpose))))
    }

    private static func associatedData(_ purpose: String) -> AssociatedData {
        AssociatedData(table: "service_key", row: purpose, column: "sealed_secret")
    }
}
