package import Kernel
import Postgres
import RegistryDomain

/// Entries whose street, zip or reason of a rejection stands in the clear: written by an earlier release, or by a
/// process of the last one that still runs beside this.
extension ProviderStore {
    /// Some of them.
    package func plainEntries(atMost limit: Int) async throws -> [ID<Provider>] {
        try await database.read(Column<ID<Provider>>("provider_id")) {
            """
            select \($0) from provider where street <> '' or zip <> '' or rejection_reason <> ''
            order by provider_id limit \(limit)
            """
        }
    }

    /// Seals what stands in the clear. The entry stays the version it is: nothing that anybody reads has changed.
    package func sealPlain(_ id: ID<Provider>) async throws {
        try await database.transaction { tx in
            guard let entry = try await lock(id, in: tx) else { return }
            try await tx.run(
                "update provider set \(sql: try await sealed(entry, in: tx)) where provider_id = \(id)")
        }
    }
}
