import API
package import Chassis
import IdentityDomain
package import Kernel
import Observability
import Postgres

/// Who can tell whether the entry of an account was committed.
package protocol RegistrationSource: Sendable {
    func knows(_ account: ID<Account>) async throws -> Bool
}

/// Asks registry, in identity's own name.
package struct RegistryRegistrations: RegistrationSource {
    private let calls: InternalClient

    package init(_ calls: InternalClient) { self.calls = calls }

    package func knows(_ account: ID<Account>) async throws -> Bool {
        do throws(Problem) {
            _ = try await calls.ask(RegistryAPI.registration.declaration, path: [account.description])
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }
}

/// For a command, which settles nothing.
struct NoRegistrations: RegistrationSource {
    func knows(_ account: ID<Account>) async throws -> Bool { throw Problem.unavailable() }
}

/// Settles accounts that were kept and never confirmed: registry is asked whether their entry is there. With an entry
/// they are confirmed, however late; without one, after longer than any registration lasts, they are forgotten.
package struct WaitingAccounts: Sendable {
    let accounts: AccountStore
    let enrolment: Enrolment
    let registrations: any RegistrationSource
    let database: Database
    let clock: any WallClock

    package func settle() async throws {
        let now = clock.now
        for waiting in try await accounts.waiting(since: now - WaitingRules.rest) {
            if try await registrations.knows(waiting.id) {
                _ = try await enrolment.confirm(waiting.id, from: .job("settle accounts"))
                log.info("an account was confirmed late")
            } else if waiting.createdAt < now - WaitingRules.timeout {
                _ = try await database.transaction { tx in try await accounts.abandon(waiting.id, in: tx) }
                log.info("an account without an entry was forgotten")
            }
        }
    }
}
