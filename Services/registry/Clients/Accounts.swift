package import API
package import Chassis
import JSON
package import Kernel
package import Lifecycle

/// Whoever keeps the accounts of those who register here.
package protocol AccountSource: Sendable {
    /// Keeps an account that counts once it is confirmed. Throws what is wrong with it as faults of its fields.
    func open(_ account: PendingAccount, for origin: Origin, until deadline: Deadline) async throws
        -> PendingAccountView
    /// Whether somebody has the username.
    func isTaken(username: String, for origin: Origin, until deadline: Deadline) async throws -> Bool
    /// The entry is committed. Whoever keeps accounts finds that out by itself too, only later.
    func confirm(_ account: ID<Account>, for origin: Origin, until deadline: Deadline) async throws
}

/// Asks identity.
package struct IdentityAccounts: AccountSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func open(
        _ account: PendingAccount, for origin: Origin, until deadline: Deadline
    ) async throws -> PendingAccountView {
        let answer = try await calls.ask(
            EnrolmentAPI.open.declaration, body: account.json, for: origin, until: deadline, within: .seconds(7))
        guard let opened = PendingAccountView(answer) else { throw Problem.unavailable() }
        return opened
    }

    package func isTaken(username: String, for origin: Origin, until deadline: Deadline) async throws -> Bool {
        let answer = try await calls.ask(
            EnrolmentAPI.taken.declaration, body: UsernameOnly(username).json, for: origin, until: deadline)
        guard let isTaken = answer["is_taken"]?.bool else { throw Problem.unavailable() }
        return isTaken
    }

    package func confirm(_ account: ID<Account>, for origin: Origin, until deadline: Deadline) async throws {
        _ = try await calls.ask(
            EnrolmentAPI.confirm.declaration, path: [account.description], for: origin, until: deadline)
    }
}
