package import Kernel
package import Postgres

/// Recovery codes: kept as hashes, each used once.
extension SecondFactorStore {
    /// Keeps these codes of the account's second factor in place of all before.
    package func replaceCodes(
        of account: ID<Account>, with hashes: [[UInt8]], in tx: Transaction
    ) async throws {
        try await tx.run("delete from recovery_code where account_id = \(account)")
        try await tx.run(
            """
            insert into recovery_code (code_hash, account_id)
            select code_hash, \(account)::uuid from unnest(\(hashes)::bytea[]) as code_hash
            """)
    }

    /// Uses up a code; false when it is none (any more): of many at once one gets true.
    package func use(recoveryCode hash: [UInt8], of account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            "delete from recovery_code where code_hash = \(hash) and account_id = \(account)"
        ).affected == 1
    }

    /// Since when there is a second factor, and how many codes are left.
    package func state(of account: ID<Account>) async throws -> (confirmedAt: Instant?, codesLeft: Int) {
        let state = Projection(
            Column<Instant?>("second_factor_at"),
            Column<Int>("(select count(*) from recovery_code where account_id = \(account))"))
        let (confirmedAt, codesLeft) =
            try await database.read(state) { "select \($0) from account where account_id = \(account)" }.first ?? (
                nil, 0
            )
        return (confirmedAt, codesLeft)
    }
}
