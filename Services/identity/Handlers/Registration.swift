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
    let hasher: PasswordHasher
    let signIn: SignIn
    let keyedLock: KeyedLock
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, hasher: PasswordHasher, signIn: SignIn, keyedLock: KeyedLock, unit: UnitOfWork,
        ledger: Ledger, clock: any WallClock
    ) {
        self.accounts = accounts
        self.hasher = hasher
        self.signIn = signIn
        self.keyedLock = keyedLock
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func register(_ input: Attempt<RegisterAccount>, _ call: Call) async throws -> Created<SignedInView> {
        let claims = RegisterAccount.claims(in: input.source)
        return try await keyedLock.pass(Array((claims.email?.comparable ?? call.requestID).utf8)) {
            let faults = try await input.faults.merged(with: self.faults(claims))
            guard let wanted = input.wanted, faults.isEmpty else { return try await refuse(.validation(faults), call) }
            let hash = try await hasher.hash(wanted.password, until: call.deadline)
            return try await unit.write(call) { tx in try await keep(wanted, hash, call, tx) }
        }
    }

    /// What the form could not see: what is taken, and a password that is easy to guess.
    private func faults(_ claims: RegisterAccount.Claims) async throws -> [Problem.FieldFaults] {
        let taken = try await accounts.taken(email: claims.email, as: .staff, username: claims.username)
        let known = [("name", claims.name), ("email", claims.email?.text), ("username", claims.username)]
        return (taken?.errors ?? []).merged(
            with: try await hasher.faults(
                of: claims.password, knowing: known.compactMap { name, text in text.map { (name, $0) } }))
    }

    /// Refused as a write, so that a repeated request under its key still gets its first answer; and noted, naming
    /// nobody.
    private func refuse(_ problem: Problem, _ call: Call) async throws -> Created<SignedInView> {
        do {
            return try await unit.write(call) { _ in throw problem }
        } catch let refused as Problem {
            try await accounts.database.transaction { tx in
                try await ledger.note("account.registration_refused", from: call.origin, in: tx)
            }
            throw refused
        }
    }

    private func keep(
        _ input: RegisterAccount, _ hash: String, _ call: Call, _ tx: Transaction
    ) async throws -> Created<SignedInView> {
        let now = clock.now
        let account = try await insert(input, hash, at: now, in: tx)
        let tokens = try await signIn.open(for: account, on: call.userAgent, from: call.origin, at: now, in: tx)
        try await ledger.record(
            .accountRegistered(AccountFact(account: account.id, role: account.role)), by: account.id, from: call.origin,
            in: tx)
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
