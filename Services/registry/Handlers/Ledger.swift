package import Audit
import Events
import Kernel
package import Messaging
import Postgres

/// Writes, beside a change and in its transaction, the fact others hear and the line of the audit trail.
package struct Ledger: Sendable {
    private let outbox: Outbox
    let audit: AuditLog

    package init(outbox: Outbox, audit: AuditLog) {
        self.outbox = outbox
        self.audit = audit
    }

    /// - Parameter deed: how the trail calls it, where that says more than the event.
    func record(_ event: RegistryEvent, as deed: String? = nil, from origin: Origin, in tx: Transaction) async throws {
        try await outbox.record(event, from: origin, in: tx)
        let (action, kind) = Self.words(for: event)
        try await audit.record(deed ?? action, subject: "\(kind)/\(event.subject)", from: origin, in: tx)
    }

    /// Something that was tried and not done, or read and not changed.
    func note(_ action: String, about subject: String? = nil, from origin: Origin, in tx: Transaction) async throws {
        try await audit.record(action, subject: subject, from: origin, in: tx)
    }

    private static func words(for event: RegistryEvent) -> (action: String, kind: String) {
        switch event {
        case .patientCreated: ("patient.created", "patient")
        case .patientUpdated: ("patient.updated", "patient")
        case .patientDeleted: ("patient.deleted", "patient")
        case .doctorCreated: ("doctor.created", "doctor")
        case .doctorUpdated: ("doctor.updated", "doctor")
        case .doctorDeleted: ("doctor.deleted", "doctor")
        case .mappingCreated: ("mapping.created", "mapping")
        case .mappingDeleted: ("mapping.deleted", "mapping")
        case .providerRegistered: ("provider.registered", "provider")
        case .providerVerified: ("provider.verified", "provider")
        case .providerRejected: ("provider.rejected", "provider")
        }
    }
}
