package import Kernel
package import Postgres

/// Keeps whom an event concerns that names no account: the accounts of hospitals, and the administrators. In the
/// service's own name.
package struct AudienceStore: Sendable {
    package init() {}

    package func keep(_ account: ID<Account>, of hospital: ID<Hospital>, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into hospital_account (hospital_id, account_id) values (\(hospital), \(account))
            on conflict (hospital_id) do update set account_id = excluded.account_id
            """)
    }

    /// - Parameter isLetIn: whether the account is to hear what administrators hear.
    package func keep(administrator account: ID<Account>, isLetIn: Bool, in tx: Transaction) async throws {
        try await tx.run(
            isLetIn
                ? "insert into administrator (account_id) values (\(account)) on conflict do nothing"
                : "delete from administrator where account_id = \(account)")
    }
}
