package import Events
package import Kernel
package import Postgres

/// Notes that sessions have ended: their streams and tickets end with them, in every process.
package struct EndStreams: Sendable {
    private let tickets: StreamTicketStore

    package init(tickets: StreamTicketStore) { self.tickets = tickets }

    package static let hears: Set<String> = [Event.sessionEnded.name, Event.sessionsEnded.name]

    /// The transaction speaks as the service.
    package func react(_ envelope: EventEnvelope, at now: Instant, in tx: Transaction) async throws {
        if let fact = try envelope.fact(of: Event.sessionEnded) {
            try await tickets.end([fact.session], at: now, in: tx)
        } else if let fact = try envelope.fact(of: Event.sessionsEnded) {
            try await tickets.end(fact.sessions, at: now, in: tx)
        }
    }
}
