import Chassis
import Events
import Kernel
import Postgres

extension Ledger {
    /// Notes in the audit trail what was tried with an account, or done to it.
    func note(
        _ action: String, about account: ID<Account>?, by actor: ID<Account>? = nil, telling events: [Event] = [],
        from origin: Origin, in tx: Transaction
    ) async throws {
        try await note(
            action, about: account.map { "account/\($0)" }, by: actor, telling: events, from: origin, in: tx)
    }
}
