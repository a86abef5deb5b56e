import Chassis
import Events
import IdentityDomain
import Jobs
import Kernel
import Lifecycle
import Observability
import Postgres

/// Looks for the accounts of an email to which a mail was asked for, after whoever asked has had their answer. Woken by
/// the request itself; what a process that died has left is found by the next round of any other.
package struct MailRequests: Service {
    package let name = "mail requests"
    let requests: MailRequestStore
    let resets: PasswordResetStore
    let verifications: VerificationStore
    let changes: EmailChangeStore
    let asked: WakeSignal
    let database: Database
    let ledger: Ledger
    let clock: any WallClock
    let metrics: Metrics

    package func run() async throws {
        await PeriodicJob(name, every: .seconds(5), wake: asked, metrics: metrics, work: { try await once() }).run()
    }

    /// All requests there are.
    package func once() async throws {
        while try await database.transaction({ tx in try await answerOne(in: tx) }) {}
    }

    /// One request, with the events of all accounts it concerns; false when there was none.
    private func answerOne(in tx: Transaction) async throws -> Bool {
        guard let request = try await requests.take(in: tx) else { return false }
        guard request.askedAt > clock.now - request.mail.timeout else { return true }
        switch request.mail {
        case .passwordReset: try await openResets(request, in: tx)
        case .providerVerification: try await askForVerification(request, of: .doctor, in: tx)
        case .patientVerification: try await askForVerification(request, of: .patient, in: tx)
        case .emailChange: try await tellOfChanges(request, in: tx)
        }
        return true
    }

    private func openResets(_ request: MailRequest, in tx: Transaction) async throws {
        for account in try await resets.open(of: request.emailIndex, askedAt: request.askedAt, in: tx) {
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(.passwordResetRequested(fact), from: request.origin, in: tx)
        }
    }

    private func tellOfChanges(_ request: MailRequest, in tx: Transaction) async throws {
        for account in try await changes.accounts(awaiting: request.emailIndex, at: clock.now, in: tx) {
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(.emailChangeRequested(fact), from: request.origin, in: tx)
        }
    }

    private func askForVerification(_ request: MailRequest, of role: Role, in tx: Transaction) async throws {
        guard let account = try await verifications.waiting(for: request.emailIndex, as: role, in: tx) else { return }
        let fact = AccountFact(account: account, role: role)
        try await ledger.record(.verificationRequested(fact), from: request.origin, in: tx)
    }
}
