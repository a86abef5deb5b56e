package import Crypto
package import Kernel
package import Postgres

/// The table `data_key` of the service's own schema (`SealingSchema`): one key for each owner.
extension DataKeys {
    /// The owner's key, for a first row; made and kept when there is none yet. Whoever is first keeps theirs, and all
    /// others get that one.
    package func key(
        of owner: ID<Owner>, in tenant: ID<Tenant>, at now: Instant, in tx: Transaction
    ) async throws -> DataKey {
        if let wrapped = try await wrapped(owner, tx) { return try key(wrapped, of: owner) }
        let made = try make(of: owner)
        try await tx.run(
            """
            insert into data_key (owner_id, tenant_id, wrapped, kek_version, created_at)
            values (\(owner), \(tenant), \(made.wrapped), \(Int(Sealer.version(of: made.wrapped) ?? 0)), \(now))
            on conflict (owner_id) do nothing
            """)
        guard let wrapped = try await wrapped(owner, tx) else { throw BrokenRow("data_key", owner) }
        return try key(wrapped, of: owner)
    }

    private func wrapped(_ owner: ID<Owner>, _ tx: Transaction) async throws -> [UInt8]? {
        try await tx.run(Column<[UInt8]>("wrapped")) { "select \($0) from data_key where owner_id = \(owner)" }.first
    }
}
