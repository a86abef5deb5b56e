package import API
package import Chassis
import Events
import IdentityDomain
package import Kernel
import Postgres
package import Web

/// People who make their own account.
package struct Registration: Sendable {
    let accounts: AccountStore
    let desk: PasswordDesk
    let signIn: SignIn
    let turnstile: Turnstile
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, desk: PasswordDesk, signIn: SignIn, turnstile: Turnstile, unit: UnitOfWork,
        ledger: Ledger, clock: any WallClock
    ) {
        (self.accounts, self.desk, self.signIn, self.turnstile) = (accounts, desk, signIn, turnstile)
        (self.unit, self.ledger, self.clock) = (unit, ledger, clock)
    }

    package func register(_ input: RegisterAccount, _ call: Call) async throws -> Created<SignedInView> {
        try await turnstile.pass(Array(input.email.comparable.utf8)) {
            if let taken = try await accounts.taken(email: input.email, as: .staff, username: input.username) {
                return try await refuse(taken, call)
            }
            let words = [input.name, input.email.text] + (input.username.map { [$0] } ?? [])
            try await desk.check(input.password, under: "password", knowing: words)
            let hash = try await desk.hash(input.password)
            return try await unit.write(call) { tx in try await keep(input, hash, call, tx) }
        }
    }

    /// Refused as a write, so that a repeated request under its key still gets its first answer; and noted, naming nobody.
    private func refuse(_ taken: Problem, _ call: Call) async throws -> Created<SignedInView> {
        do {
            return try await unit.write(call) { _ in throw taken }
        } catch let refused as Problem {
            try await accounts.database.transaction { tx in
                try await ledger.record("account.registration_refused", about: nil, on: call, in: tx)
            }
            throw refused
        }
    }

    private func keep(
        _ input: RegisterAccount, _ hash: String, _ call: Call, _ tx: Transaction
    ) async throws -> Created<SignedInView> {
        let now = clock.now
        let account = try await insert(input, hash, at: now, in: tx)
        let tokens = try await signIn.open(for: account, on: call, at: now, in: tx)
        try await ledger.record(
            "account.registered", about: account.id, by: account.id,
            [.accountRegistered(IdentityEvent.AccountFact(account: account.id, role: account.role))], on: call, in: tx)
        return Created(SignedInView(user: UserView(account), tokens: tokens), at: "/api/auth/me")
    }

    private func insert(
        _ input: RegisterAccount, _ hash: String, at now: Instant, in tx: Transaction
    ) async throws -> UserAccount {
        let names = input.username.map { [$0] } ?? UsernameProposals.random(for: input.name)
        return try await accounts.insert(underFirstFree: names, passwordHash: hash, in: tx) { username in
            UserAccount(
                id: .make(at: now), username: username, name: input.name, email: input.email, role: .staff,
                createdAt: now)
        }
    }
}
