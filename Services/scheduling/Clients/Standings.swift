import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever knows whether an account is still let in.
package protocol StandingSource: Sendable {
    /// False of one that was switched off or shut out, or is not there (any more).
    /// - Throws: `service_unavailable` when it cannot be had.
    func isAdmitted(_ account: ID<Account>, until deadline: Deadline) async throws -> Bool
}

/// Asks identity, in scheduling's own name.
package struct IdentityStandings: StandingSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func isAdmitted(_ account: ID<Account>, until deadline: Deadline) async throws -> Bool {
        do throws(Problem) {
            let answer = try await calls.ask(
                AccountsAPI.standing.declaration, path: [account.description], until: deadline)
            guard let isAdmitted = answer["is_admitted"]?.bool else { throw .unavailable() }
            return isAdmitted
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
    }
}
