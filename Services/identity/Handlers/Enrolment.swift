package import API
import Chassis
import Events
import IdentityDomain
package import Kernel
import Postgres
package import Web

/// Accounts for people whose entry is registry's. Kept first and confirmed when the entry is committed: until then an
/// account cannot log in and takes no email from anybody, so that a registration which breaks off leaves nothing
/// behind.
package struct Enrolment: Sendable {
    let accounts: AccountStore
    let hasher: PasswordHasher
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func open(_ input: PendingAccount, _ call: Call) async throws -> Created<PendingAccountView> {
        guard input.role == .doctor || input.role == .patient else {
            throw Problem.field("role", "Must be one of: doctor, patient.")
        }
        try await hasher.check(input.password, under: "password", knowing: [input.name, input.email.text])
        let hash = try await hasher.hash(input.password, until: call.deadline)
        return try await unit.write(call) { tx in
            try await accounts.claim(input.email, as: input.role, in: tx)
            let now = clock.now
            let account = try await accounts.insert(
                underFirstFree: usernames(for: input), passwordHash: hash, awaiting: input.registrant, in: tx
            ) { username in
                UserAccount(
                    id: .make(at: now), username: username, name: input.name, email: input.email, role: input.role,
                    createdAt: now)
            }
            if let phone = input.phone { try await accounts.keep(phone, of: account.id, in: tx) }
            return Created(PendingAccountView(account: account.id), at: nil)
        }
    }

    /// Whoever never asked for a username does not take the plain one from somebody who will; and a patient's, which
    /// stands unsealed, says nothing of who they are.
    private func usernames(for input: PendingAccount) -> [String] {
        Array(UsernameProposals.random(for: input.role == .patient ? "patient" : input.name).dropFirst())
    }

    package func confirm(_ input: ByID<Account>, _ call: Call) async throws -> Done {
        guard try await confirm(input.id, from: call.origin) else { throw Problem.notFound }
        return Done()
    }

    /// False when there is no such account. Done twice it changes nothing.
    func confirm(_ account: ID<Account>, from origin: Origin) async throws -> Bool {
        try await database.transaction { tx in
            switch try await accounts.confirm(account, at: clock.now, in: tx) {
            case .unknown: return false
            case .confirmedBefore: return true
            case .confirmedNow(let role):
                let fact = AccountFact(account: account, role: role)
                var others: [Event] = [.verificationRequested(fact)]
                if role == .doctor {
                    others += try await accounts.administrators(in: tx).map {
                        .reviewAsked(ReviewFact(account: account, reviewer: $0))
                    }
                }
                try await ledger.record(.accountRegistered(fact), by: account, with: others, from: origin, in: tx)
                return true
            }
        }
    }
}

extension UsernameProposals {
    static func random(for name: String) -> [String] {
        var random = SystemRandomNumberGenerator()
        return UsernameProposals(name: name, random: random.next()).all
    }
}
