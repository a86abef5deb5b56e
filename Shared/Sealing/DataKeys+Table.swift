package import Crypto
package import Kernel
package import Postgres

/// The table `data_key` of the service's own schema (`SealingSchema`): one key for each owner.
extension DataKeys {
    /// The owner's key, for a row that is to be sealed; made and kept when there is none yet. Whoever is first keeps
    /// theirs, and all others get that one. Until the transaction ends nobody wraps it anew.
    package func key(
        of owner: ID<Owner>, in tenant: ID<Tenant>, at now: Instant, in tx: Transaction
    ) async throws -> KeptKey {
        if let wrapped = try await wrapped(owner, tx) { return try kept(wrapped, owner) }
        let made = try make(of: owner)
        try await tx.run(
            """
            insert into data_key (owner_id, tenant_id, wrapped, kek_version, created_at)
            values (\(owner), \(tenant), \(made.wrapped), \(Int(Sealer.version(of: made.wrapped) ?? 0)), \(now))
            on conflict (owner_id) do nothing
            """)
        guard let wrapped = try await wrapped(owner, tx) else { throw BrokenRow("data_key", owner) }
        return try kept(wrapped, owner)
    }

    /// The keys of these owners, to open what they sealed; of those that are not remembered, and with `anew` of all,
    /// read in one statement.
    package func keys(
        of owners: Set<ID<Owner>>, in database: Database, as scope: Scope, anew: Bool = false
    ) async throws -> [ID<Owner>: DataKey] {
        var keys: [ID<Owner>: DataKey] = [:]
        var unknown: [ID<Owner>] = []
        for owner in owners {
            if !anew, let kept = remembered(of: owner) { keys[owner] = kept.key } else { unknown.append(owner) }
        }
        if unknown.isEmpty { return keys }
        let row = Projection(Column<ID<Owner>>("owner_id"), Column<[UInt8]>("wrapped"))
        let rows = try await database.read(row, as: scope) {
            "select \($0) from data_key where owner_id = any(\(unknown)::uuid[])"
        }
        // A key that does not open is missing like one that is not there: it keeps nobody from the others' records.
        for (owner, wrapped) in rows { keys[owner] = try? key(wrapped, of: owner) }
        return keys
    }

    private func kept(_ wrapped: [UInt8], _ owner: ID<Owner>) throws -> KeptKey {
        KeptKey(key: try key(wrapped, of: owner), wrapped: wrapped)
    }

    private func wrapped(_ owner: ID<Owner>, _ tx: Transaction) async throws -> [UInt8]? {
        try await tx.run(Column<[UInt8]>("wrapped")) {
            "select \($0) from data_key where owner_id = \(owner) for share"
        }.first
    }
}
