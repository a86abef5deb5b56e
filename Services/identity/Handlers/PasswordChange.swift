package import API
package import Chassis
import Crypto
import Events
import IdentityDomain
package import Kernel
import Postgres
package import Web

/// Choosing a new password.
package struct PasswordChange: Sendable {
    let accounts: AccountStore
    let attempts: LoginAttemptStore
    let sessions: SessionStore
    let desk: PasswordDesk
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, attempts: LoginAttemptStore, sessions: SessionStore, desk: PasswordDesk,
        unit: UnitOfWork, ledger: Ledger, clock: any WallClock
    ) {
        (self.accounts, self.attempts, self.sessions, self.desk) = (accounts, attempts, sessions, desk)
        (self.unit, self.ledger, self.clock) = (unit, ledger, clock)
    }

    package func change(_ input: ChangePassword, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        guard let account = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        let proven = try await prove(input.old, of: account, under: "old_password")
        try await check(input.new, for: account)
        let hash = try await desk.hash(input.new)
        return try await unit.write(call) { tx in
            let now = clock.now
            guard try await accounts.setPassword(account.id, to: hash, proven: proven, at: now, in: tx) else {
                throw PasswordChange.wrong("old_password")
            }
            let ended = try await sessions.endAll(
                of: account.id, except: caller.session, because: .passwordChanged, at: now, in: tx)
            try await attempts.forget(account.subject, in: tx)
            let fact = IdentityEvent.AccountFact(account: account.id, role: account.role)
            try await ledger.record(
                "password.changed", about: account.id,
                [.passwordChanged(fact)] + IdentityEvent.ended(ended, of: account.id), on: call, in: tx)
            return Done()
        }
    }

    /// The stored hash the password matches. Guessing is slowed down here too: a stolen session must not become a
    /// password.
    func prove(_ password: Secret, of account: UserAccount, under field: String) async throws -> String {
        try await attempts.pass(account.subject, at: clock.now)
        let stored = try await accounts.passwordHash(of: account.id)
        guard let stored, try await desk.verify(password, against: stored) != .differs else {
            throw PasswordChange.wrong(field)
        }
        return stored
    }

    private func check(_ password: Secret, for account: UserAccount) async throws {
        let known = [("name", account.name), ("email", account.email.text), ("username", account.username)]
        let similar = known.filter { PasswordRules.isSimilar(password.expose(), to: $0.1) }
        if !similar.isEmpty {
            let messages = similar.map { "The password is too similar to the \($0.0)." }
            throw Problem.validation([Problem.FieldFaults(field: "new_password", messages: messages)])
        }
        try await desk.check(password, under: "new_password", knowing: known.map(\.1))
    }

    static func wrong(_ field: String) -> Problem {
        .field(field, "Your password was entered incorrectly. Please enter it again.")
    }
}

extension UserAccount {
    /// What tries at this account's password from within a session are counted under.
    var subject: String { "account/\(id)" }
}
