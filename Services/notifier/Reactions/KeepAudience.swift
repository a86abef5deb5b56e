package import Events
import Kernel
package import Postgres

/// Keeps who administrators are and which account a hospital has, for events that do not name them.
package struct KeepAudience: Sendable {
    private let audience: AudienceStore

    package init(audience: AudienceStore) { self.audience = audience }

    package static let hears: Set<String> = [
        Event.accountRegistered.name, Event.accountActivated.name, Event.accountDeactivated.name,
        Event.hospitalRegistered.name, Event.hospitalApproved.name,
    ]

    /// The transaction speaks as the service.
    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        if let fact = try envelope.fact(of: Event.accountRegistered) {
            try await keep(fact.account, fact.role, isLetIn: true, in: tx)
        } else if let fact = try envelope.fact(of: Event.accountActivated) {
            try await keep(fact.account, fact.role, isLetIn: true, in: tx)
        } else if let fact = try envelope.fact(of: Event.accountDeactivated) {
            try await keep(fact.account, fact.role, isLetIn: false, in: tx)
        } else if let fact = try envelope.fact(of: Event.hospitalRegistered) {
            try await audience.keep(fact.account, of: fact.hospital, in: tx)
        } else if let fact = try envelope.fact(of: Event.hospitalApproved) {
            try await audience.keep(fact.account, of: fact.hospital, in: tx)
        }
    }

    private func keep(_ account: ID<Account>, _ role: Role, isLetIn: Bool, in tx: Transaction) async throws {
        guard role == .admin else { return }
        try await audience.keep(administrator: account, isLetIn: isLetIn, in: tx)
    }
}
