package import Crypto
package import IdentityDomain
package import Kernel
package import Postgres

/// Keeps the keys that sign tokens, sealed; several processes share them.
package struct KeyStore: Sendable {
    let database: Database
    let sealer: Sealer

    package init(database: Database, sealer: Sealer) {
        self.database = database
        self.sealer = sealer
    }

    /// A key with its times.
    package struct Kept: Sendable {
        package let key: SigningKey
        package let signsFrom: Instant

        package var times: KeyRotation.Key { KeyRotation.Key(kid: key.id, signsFrom: signsFrom) }
    }

    package func all() async throws -> [Kept] {
        let row = Projection(
            Column<String>("key_id"), Column<Instant>("signs_from"), Column<[UInt8]>("wrapped_key"),
            Column<[UInt8]>("sealed_pem"))
        return try await database.read(row) { "select \($0) from signing_key order by signs_from" }
            .map { id, signsFrom, wrapped, sealed in
                let data = try sealer.unwrap(wrapped, for: KeyStore.owner(id))
                let pem = Secret(try data.openText(sealed, authenticating: KeyStore.associatedData(id)))
                return Kept(key: try SigningKey(pem: pem, id: id), signsFrom: signsFrom)
            }
    }

    /// Keeps a new key, unless another process has just kept one that signs from the same moment or later.
    package func add(_ key: SigningKey, signsFrom: Instant, at now: Instant) async throws {
        let (data, wrapped) = try sealer.makeKey(for: KeyStore.owner(key.id))
        let sealed = try data.seal(try key.pem().expose(), authenticating: KeyStore.associatedData(key.id))
        try await database.transaction { tx in
            try await tx.run("select pg_advisory_xact_lock(hashtextextended('identity signing keys', 0))")
            try await tx.run(
                """
                insert into signing_key (key_id, signs_from, wrapped_key, sealed_pem, created_at)
                select \(key.id), \(signsFrom)::timestamptz, \(wrapped), \(sealed), \(now)
                where not exists (
                    select 1 from signing_key where signs_from >= \(signsFrom) or created_at > \(now - .seconds(60)))
                """)
        }
    }

    package func remove(_ ids: [String]) async throws {
        try await database.run("delete from signing_key where key_id = any(\(ids))")
    }

    private static func owner(_ id: String) -> String { "signing_key/\(id)" }
    private static func associatedData(_ id: String) -> AssociatedData {
        AssociatedData(table: "signing_key", row: id, column: "sealed_pem")
    }
}
