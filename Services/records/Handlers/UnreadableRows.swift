import API
import Chassis
import Kernel
import Observability
import Postgres
import Web

/// A row that does not open, or does not mean what it must, was changed past the service. The audit trail says which,
/// and whoever asked hears of a fault of ours: nothing is left out of an answer silently.
struct UnreadableRows: Sendable {
    let database: Database
    let ledger: Ledger

    func noted(_ call: Call, _ answer: () async throws -> Answered) async throws -> Answered {
        do { return try await answer() } catch let broken as BrokenRow {
            log.error("a row cannot be read", ["table": broken.table, "row": broken.row])
            try await database.transaction(as: call.origin.scope) { tx in
                try await ledger.note(
                    "row_unreadable", about: "\(broken.table)/\(broken.row)", from: call.origin, in: tx)
            }
            throw broken
        }
    }
}
