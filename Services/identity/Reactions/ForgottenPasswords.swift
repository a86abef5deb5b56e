import API
import Events
import IdentityDomain
import Kernel
import Lifecycle
import Messaging
import Observability
import Postgres
import Web

/// Looks for the accounts of an email for which a link was asked, after whoever asked has had their answer. Nudged by the
/// request itself; what a process that died has left is found by the next round of any other.
package struct ForgottenPasswords: Service {
    package let name = "forgotten passwords"
    let resets: PasswordResetStore
    let asked: Nudge
    let database: Database
    let ledger: Ledger
    let clock: any WallClock

    package func run() async throws {
        let shutdown = Shutdown.current
        let key = shutdown.onRequest { asked.nudge() }
        defer { shutdown.forget(key) }
        while !shutdown.isRequested {
            do { try await once() } catch {
                log.warning(
                    "looking for forgotten passwords failed, and is tried again",
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
        guard let wish = try await resets.takeWish(in: tx) else { return false }
        guard wish.askedAt > clock.now - ResetRules.open else { return true }
        let call = Call(declaration: PasswordResetAPI.forgot.declaration, caller: nil, requestID: wish.request)
        for account in try await resets.open(wish, in: tx) {
            let fact = IdentityEvent.AccountFact(account: account.id, role: account.role)
            try await ledger.record(
                "password.reset_requested", about: account.id, [.passwordResetRequested(fact)], on: call, in: tx)
        }
        return true
    }
}
