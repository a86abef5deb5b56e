package import Kernel
import Postgres

/// Tokens are put into their index a batch of one tenant at a time: what its patients have in common is found once.
/// Those that wait are read one by one by each search of their tenant (migration 23).
extension PatientStore {
    /// So many wait before they are put into the index: few enough to be read by each search.
    package static let tokenBatch = 128

    /// Rows of one transaction.
    private static let most = 512

    /// Puts the tenant's waiting tokens into the index if there are enough of them; how many it were. What another
    /// transaction holds stays for the next time.
    package func indexTokens(of tenant: ID<Tenant>) async throws -> Int {
        try await database.transaction(as: Scope(account: "", role: "", tenant: tenant.description)) { tx in
            tx.findByIndexes()
            let waiting = try await tx.run(Column<Int>("count(*)")) {
                """
                select \($0) from (select from patient_search where tenant_id = \(tenant) and not is_indexed
                    limit \(Self.tokenBatch)) waiting
                """
            }.one
            guard waiting >= Self.tokenBatch else { return 0 }
            return try await tx.run(
                """
                update patient_search set is_indexed = true where patient_id = any(array(
                    select patient_id from patient_search where tenant_id = \(tenant) and not is_indexed
                    limit \(Self.most) for update skip locked))
                """
            ).affected
        }
    }
}
