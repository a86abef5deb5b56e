package import Kernel
import Lifecycle
package import Postgres

/// Who saw what of others: the answer leaves after the row's commit, and if the row cannot be written nothing is shown.
/// Callers at the same time share one commit: while one statement is under way, those who come wait and go together in
/// the next.
package final class AccessLog: Sendable {
    private let audit: AuditLog
    private let database: Database
    private let state = Locked(State())

    private struct State {
        var waiting: [Ticket] = []
        var isWriting = false
    }

    private final class Ticket: Sendable {
        enum Outcome { case kept, failed(any Error), again, writes }
        let entry: AuditLine
        let outcome = Locked<Outcome?>(nil)
        let resumed = Latch()

        init(_ entry: AuditLine) { self.entry = entry }

        func resume(_ result: Outcome) {
            outcome.withLock { $0 = result }
            resumed.fire()
        }
    }

    /// Rows of one statement.
    private static let limit = 200

    package init(_ audit: AuditLog, _ database: Database) {
        self.audit = audit
        self.database = database
    }

    /// Returns when it is committed that the caller saw it.
    package func seen(_ action: String, subject: String?, from origin: Origin) async throws {
        let entry = try audit.entry(action, subject: subject, from: origin)
        while true {
            let ticket = Ticket(entry)
            let isWriter = state.withLock { state in
                state.waiting.append(ticket)
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if !isWriter { await ticket.resumed.wait() }
            switch isWriter ? .writes : ticket.outcome.withLock({ $0 }) {
            case .writes: return try await write()
            case .failed(let error): throw error
            case .again: continue
            case .kept, nil: return
            }
        }
    }

    /// Writes all that wait, this caller's among them, and hands over to the first of those who came meanwhile.
    private func write() async throws {
        let group = state.withLock { state in
            defer { state.waiting.removeFirst(min(state.waiting.count, AccessLog.limit)) }
            return Array(state.waiting.prefix(AccessLog.limit))
        }
        let result: Result<Void, any Error>
        do {
            try await database.run(audit.insertion(of: group.map(\.entry)))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for ticket in group { ticket.resume(AccessLog.outcome(of: result)) }
        handOver()
        try result.get()
    }

    /// The writer's task may have been cancelled; the others then try again.
    private static func outcome(of result: Result<Void, any Error>) -> Ticket.Outcome {
        switch result {
        case .success: .kept
        case .failure(let error): error is CancellationError ? .again : .failed(error)
        }
    }

    private func handOver() {
        let next = state.withLock { state in
            state.isWriting = !state.waiting.isEmpty
            return state.waiting.first
        }
        next?.resume(.writes)
    }
}
