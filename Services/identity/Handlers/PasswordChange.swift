package import API
package import Chassis
import Crypto
import Events
import IdentityDomain
package import Kernel
import Lifecycle
import Postgres
package import Web

/// Choosing a new password.
package struct PasswordChange: Sendable {
    let accounts: AccountStore
    let attempts: LoginAttemptStore
    let sessions: SessionStore
    let hasher: PasswordHasher
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, attempts: LoginAttemptStore, sessions: SessionStore, hasher: PasswordHasher,
        unit: UnitOfWork, ledger: Ledger, clock: any WallClock
    ) {
        self.accounts = accounts
        self.attempts = attempts
        self.sessions = sessions
        self.hasher = hasher
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func change(_ input: Attempt<ChangePassword>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        // Repeated under its key: what was the old password then is it no more.
        try await unit.recall(call)
        guard let account = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        let (proven, faults) = try await examine(input, of: account, until: call.deadline)
        guard let proven, let wanted = input.wanted, faults.isEmpty else {
            // Refused as a write: of two at once under one key, the second still gets the first one's answer.
            return try await unit.write(call) { _ in throw Problem.validation(faults) }
        }
        let hash = try await hasher.hash(wanted.new, until: call.deadline)
        return try await unit.write(call) { tx in try await keep(hash, proven, account, caller, call, tx) }
    }

    /// The stored hash of the old password, and all that is wrong with what was sent.
    private func examine(
        _ input: Attempt<ChangePassword>, of account: UserAccount, until deadline: Deadline
    ) async throws -> (proven: String?, faults: [Problem.FieldFaults]) {
        let chosen = ChangePassword.chosen(in: input.source)
        var faults = try await input.faults.merged(with: hasher.faults(of: chosen, knowing: account.known))
        if account.hasGeneratedPassword, input.wanted.map({ $0.old == $0.new }) == true {
            faults = faults.merged(with: Self.isGenerated.errors)
        }
        guard let old = ChangePassword.old(in: input.source) else { return (nil, faults) }
        do {
            return (try await prove(old, of: account, under: "old_password", until: deadline), faults)
        } catch let problem as Problem where problem.code == .validationFailed {
            return (nil, problem.errors.merged(with: faults))
        }
    }

    private func keep(
        _ hash: String, _ proven: String, _ account: UserAccount, _ caller: Caller, _ call: Call, _ tx: Transaction
    ) async throws -> Done {
        let now = clock.now
        guard try await accounts.setPassword(account.id, to: hash, proven: proven, at: now, in: tx) else {
            throw PasswordChange.wrong("old_password")
        }
        let ended = try await sessions.endAll(
            of: account.id, except: caller.session, because: .passwordChanged, at: now, in: tx)
        try await attempts.forget(account.subject, in: tx)
        let fact = AccountFact(account: account.id, role: account.role)
        try await ledger.record(
            .passwordChanged(fact), with: Event.ended(ended, of: account.id), from: call.origin, in: tx)
        return Done()
    }

    /// The stored hash the password matches. Guessing is slowed down here too: a stolen session must not become a
    /// password.
    func prove(
        _ password: Secret, of account: UserAccount, under field: String, until deadline: Deadline
    ) async throws -> String {
        try await hasher.turn(until: deadline) {
            try await attempts.pass([account.subject], at: clock.now)
            let stored = try await accounts.passwordHash(of: account.id)
            guard let stored, try await hasher.verify(password, against: stored) != .differs else {
                throw PasswordChange.wrong(field)
            }
            try await attempts.takeBack([account.subject])
            return stored
        }
    }

    /// The password that was generated may not be the one that is chosen.
    static let isGenerated = Problem.field("new_password", "Choose another password.")

    static func wrong(_ field: String) -> Problem {
        .field(field, "Your password was entered incorrectly. Please enter it again.")
    }
}

extension UserAccount {
    /// What tries at this account's password from within a session are counted under.
    var subject: String { "\u{1}password/\(id)" }
}
