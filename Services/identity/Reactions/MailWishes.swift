import API
import Events
import IdentityDomain
import Jobs
import Kernel
import Lifecycle
import Observability
import Postgres
import Web

/// Looks for the accounts of an email to which a mail was asked for, after whoever asked has had their answer. Nudged by
/// the request itself; what a process that died has left is found by the next round of any other.
package struct MailWishes: Service {
    package let name = "mail wishes"
    let wishes: MailWishStore
    let resets: PasswordResetStore
    let verifications: VerificationStore
    let asked: WakeSignal
    let database: Database
    let ledger: Ledger
    let clock: any WallClock

    package func run() async throws {
        let shutdown = Shutdown.current
        let key = shutdown.onRequest { asked.signal() }
        defer { shutdown.forget(key) }
        while !shutdown.isRequested {
            do { try await once() } catch {
                log.warning(
                    "looking for who wants a mail failed, and is tried again",
                    ["fault": String(describing: type(of: error))])
            }
            await asked.wait(atMost: .seconds(5))
        }
    }

    /// All wishes there are.
    package func once() async throws {
        while try await database.transaction({ tx in try await answerOne(in: tx) }) {}
    }

    /// One wish, with the events of all accounts it concerns; false when there was none.
    private func answerOne(in tx: Transaction) async throws -> Bool {
        guard let wish = try await wishes.take(in: tx) else { return false }
        guard wish.askedAt > clock.now - wish.mail.timeout else { return true }
        switch wish.mail {
        case .passwordReset: try await openResets(wish, in: tx)
        case .providerVerification: try await askForVerification(wish, of: .doctor, in: tx)
        case .patientVerification: try await askForVerification(wish, of: .patient, in: tx)
        }
        return true
    }

    private func openResets(_ wish: MailWishStore.Wish, in tx: Transaction) async throws {
        let call = Call(declaration: PasswordResetAPI.forgot.declaration, caller: nil, requestID: wish.request)
        for account in try await resets.open(of: wish.emailIndex, askedAt: wish.askedAt, in: tx) {
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(
                "password.reset_requested", about: account.id, [.passwordResetRequested(fact)], on: call, in: tx)
        }
    }

    private func askForVerification(_ wish: MailWishStore.Wish, of role: Role, in tx: Transaction) async throws {
        guard let account = try await verifications.waiting(for: wish.emailIndex, as: role, in: tx) else { return }
        let call = Call(
            declaration: VerificationAPI.resendToProvider.declaration, caller: nil, requestID: wish.request)
        let fact = AccountFact(account: account, role: role)
        try await ledger.record(
            "account.verification_requested", about: account, [.verificationRequested(fact)], on: call, in: tx)
    }
}
