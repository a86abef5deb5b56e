package import Kernel
package import Postgres
package import Web

/// Who did what, when: a row in the transaction of the deed itself. Rows are only ever added; sealing them into a chain
/// is done behind the writers' backs.
package struct AuditLog: Sendable {
    private let clock: any WallClock

    package init(clock: any WallClock) { self.clock = clock }

    /// - Parameters:
    ///   - action: a stable word, as `account.registered`.
    ///   - subject: what it was done to, as `patient/<id>`; never a name.
    ///   - actor: who did it, where that is not the caller (somebody logging in).
    package func record(
        _ action: String, subject: String? = nil, actor: ID<Account>? = nil, on call: Call, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            insert into audit_entry (at, action, actor_id, subject, request_id)
            values (\(clock.now), \(action), \(actor ?? call.caller?.account), \(subject), \(call.requestID))
            """)
    }
}
