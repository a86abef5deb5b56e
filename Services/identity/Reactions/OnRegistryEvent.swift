package import Chassis
package import Events
import IdentityDomain
package import Kernel
package import Postgres

/// Applies registry's decisions about hospitals and their doctors: whoever is not let in any more is logged out.
package struct OnRegistryEvent: Sendable {
    let accounts: AccountStore
    let sessions: SessionStore
    let ledger: Ledger
    let clock: any WallClock

    package init(accounts: AccountStore, sessions: SessionStore, ledger: Ledger, clock: any WallClock) {
        self.accounts = accounts
        self.sessions = sessions
        self.ledger = ledger
        self.clock = clock
    }

    /// The events whose news is kept here, by name; no other is heard.
    package static let copied = [
        Event.hospitalApproved.name, Event.hospitalRejected.name, Event.hospitalDeleted.name,
        Event.hospitalDoctorActivated.name, Event.hospitalDoctorDeactivated.name, Event.hospitalDoctorDeleted.name,
        Event.registeredPatientDeleted.name,
    ]

    package func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        let origin = Origin.reaction(to: envelope.id, traceparent: envelope.traceparent)
        let standings: [(EventType<HospitalFact>, HospitalStanding)] = [
            (Event.hospitalApproved, .approved), (Event.hospitalRejected, .rejected),
            (Event.hospitalDeleted, .deleted),
        ]
        for (event, standing) in standings {
            guard let fact = try envelope.fact(of: event) else { continue }
            let changed = try await accounts.note(standing, version: fact.version, of: fact.hospital, in: tx)
            if standing != .approved { try await shutOut(changed, from: origin, in: tx) }
        }
        if let fact = try envelope.fact(of: Event.registeredPatientDeleted) {
            try await close(fact.account, from: origin, in: tx)
        }
        let admissions: [(EventType<HospitalDoctorFact>, Bool)] = [
            (Event.hospitalDoctorActivated, true), (Event.hospitalDoctorDeactivated, false),
            (Event.hospitalDoctorDeleted, false),
        ]
        for (event, isAdmitted) in admissions {
            guard let fact = try envelope.fact(of: event) else { continue }
            let isChanged = try await accounts.note(
                isAdmitted: isAdmitted, version: fact.version, of: fact.account, in: tx)
            if isChanged, !isAdmitted { try await shutOut([fact.account], from: origin, in: tx) }
        }
    }

    /// The account of an erased patient stays shut out, and its email is free for another registration.
    private func close(_ account: ID<Account>, from origin: Origin, in tx: Transaction) async throws {
        guard try await accounts.close(account, in: tx) else { return }
        try await shutOut([account], from: origin, in: tx)
    }

    private func shutOut(_ accounts: [ID<Account>], from origin: Origin, in tx: Transaction) async throws {
        let ended = try await sessions.endAll(
            of: accounts, because: .notAdmitted, at: clock.now, in: tx)
        for (account, sessions) in ended {
            try await ledger.note(
                "account.shut_out", about: account, telling: Event.ended(sessions, of: account), from: origin, in: tx)
        }
    }
}
