package import Crypto
import Kernel
package import Postgres
import RegistryDomain

/// Seals what is personal under a data key of the account that made it, and makes it findable by tokens that mean
/// nothing without the index key. Tokens of one tenant are not those of another: equal names of two tenants do not
/// meet.
package struct Vault: Sendable {
    private let sealer: Sealer
    private let index: HMACKey
    private let cache = KeyCache(limit: 4096)

    package init(sealer: Sealer, index: HMACKey) {
        self.sealer = sealer
        self.index = index
    }

    /// The data key whose wrapped form stands beside the row.
    func key(_ wrapped: [UInt8], of owner: ID<Account>) throws -> DataKey {
        try cache.key(wrapped) { try sealer.unwrap(wrapped, for: Self.name(of: owner)) }
    }

    /// The owner's data key for a first record; made and kept when there is none yet.
    func key(
        of owner: ID<Account>, in tenant: ID<Tenant>, at now: Instant, in tx: Transaction
    ) async throws -> DataKey {
        if let wrapped = try await wrapped(owner, tx) { return try key(wrapped, of: owner) }
        let made = try sealer.makeKey(for: Self.name(of: owner))
        try await tx.run(
            """
            insert into data_key (owner_id, tenant_id, wrapped, kek_version, created_at)
            values (\(owner), \(tenant), \(made.wrapped), \(Int(Sealer.version(of: made.wrapped) ?? 0)), \(now))
            on conflict (owner_id) do nothing
            """)
        // Another transaction may have been first: what stands there now is the key, not what was made here.
        guard let wrapped = try await wrapped(owner, tx) else {
            throw BrokenRecord(table: "data_key", row: owner.description)
        }
        return try sealer.unwrap(wrapped, for: Self.name(of: owner))
    }

    private func wrapped(_ owner: ID<Account>, _ tx: Transaction) async throws -> [UInt8]? {
        try await tx.run(Column<[UInt8]>("wrapped")) { "select \($0) from data_key where owner_id = \(owner)" }.first
    }

    func tokens(of details: PatientDetails, for tenant: ID<Tenant>) -> [Int64] {
        let blind = blindIndex(of: tenant)
        return Set(PatientSearch.texts(of: details).flatMap { blind.grams(of: $0) }).sorted()
    }

    /// What every match of the search has among its tokens; what has them may still be no match.
    func tokens(of search: PatientSearch, for tenant: ID<Tenant>) -> [Int64] {
        let blind = blindIndex(of: tenant)
        return Set(search.words.flatMap { blind.grams(searching: $0) }).sorted()
    }

    private func blindIndex(of tenant: ID<Tenant>) -> BlindIndex {
        BlindIndex(key: index, field: "registry.patient/\(tenant)")
    }

    /// A new data key for a provider's contact data, and the form in which it is kept beside them.
    func makeKey(of provider: ID<Provider>) throws -> (key: DataKey, wrapped: [UInt8]) {
        try sealer.makeKey(for: Self.name(of: provider))
    }

    func key(_ wrapped: [UInt8], ofProvider provider: ID<Provider>) throws -> DataKey {
        try cache.key(wrapped) { try sealer.unwrap(wrapped, for: Self.name(of: provider)) }
    }

    /// What equal texts of a field have in common, and nothing else.
    func mark(_ text: String, of field: String) -> [UInt8] { BlindIndex(key: index, field: field).exact(text) }

    private static func name(of provider: ID<Provider>) -> String { "registry.provider/\(provider)" }
    private static func name(of owner: ID<Account>) -> String { "registry.account/\(owner)" }
}

// MARK: The key of the search

extension Vault {
    private static let purpose = "registry search"
    private static let place = SealedPlace(table: "service_key", row: purpose, column: "sealed_secret")

    /// The vault with the service's own index key, which the first process of all makes. It is kept sealed, so that a
    /// new master key leaves every token as it is.
    package static func open(_ database: Database, sealer: Sealer) async throws -> Vault {
        if let vault = try await kept(database, sealer) { return vault }
        let made = try sealer.makeKey(for: purpose)
        let secret = try made.key.seal(Random.bytes(32), at: place)
        try await database.run(
            """
            insert into service_key (purpose, wrapped, sealed_secret) values (\(purpose), \(made.wrapped), \(secret))
            on conflict (purpose) do nothing
            """)
        guard let vault = try await kept(database, sealer) else {
            throw BrokenRecord(table: "service_key", row: purpose)
        }
        return vault
    }

    private static func kept(_ database: Database, _ sealer: Sealer) async throws -> Vault? {
        let keys = try await database.read(Projection(Column<[UInt8]>("wrapped"), Column<[UInt8]>("sealed_secret"))) {
            "select \($0) from service_key where purpose = \(purpose)"
        }
        guard let (wrapped, secret) = keys.first else { return nil }
        let key = try sealer.unwrap(wrapped, for: purpose)
        return Vault(sealer: sealer, index: HMACKey(try key.open(secret, at: place)))
    }
}

/// A row that does not hold what it must: a fault of ours, or somebody has changed it. A caller sees an opaque 500.
struct BrokenRecord: Error, Sendable, CustomStringConvertible {
    let table: String
    let row: String
    var description: String { "\(table) \(row) cannot be read" }
}
