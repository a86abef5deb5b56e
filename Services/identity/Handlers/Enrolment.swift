package import API
import Chassis
import Events
import IdentityDomain
import Jobs
package import Kernel
import Postgres
package import Web

/// Accounts for people whose entry is registry's. Kept first and confirmed when the entry is committed: until then an
/// account cannot log in and takes no email from anybody, so that a registration which breaks off leaves nothing
/// behind.
package struct Enrolment: Sendable {
    let accounts: AccountStore
    let registrations: any RegistrationSource
    let hasher: PasswordHasher
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func taken(_ input: UsernameOnly, _ call: Call) async throws -> Item<TakenUsernameView> {
        // Whoever waits may still go: that is found when the account is opened.
        guard try await accounts.isTaken(username: input.username) else {
            return Item(TakenUsernameView(isTaken: false))
        }
        return Item(TakenUsernameView(isTaken: try await accounts.waiting(under: input.username) == nil))
    }

    package func open(_ input: PendingAccount, _ call: Call) async throws -> Created<PendingAccountView> {
        guard input.role == .doctor || input.role == .patient || input.role == .hospital else {
            throw Problem.field("role", "Must be one of: doctor, hospital, patient.")
        }
        try await hasher.check(input.password, under: "password", knowing: [input.name, input.email.text])
        let hash = try await hasher.hash(input.password, until: call.deadline)
        if case .chosen(let username)? = input.username { try await free(username) }
        return try await unit.write(call) { tx in
            let account = try await insert(input, hash, in: tx)
            if let phone = input.phone { try await accounts.keep(phone, of: account.id, in: tx) }
            if let hospital = input.hospital,
                try await !accounts.place(account.id, role: input.role, in: hospital, tx)
            {
                throw Problem.field("hospital_id", "This hospital has no account.")
            }
            return Created(PendingAccountView(account: account.id, username: account.username), at: nil)
        }
    }

    private func insert(_ input: PendingAccount, _ hash: String, in tx: Transaction) async throws -> UserAccount {
        let now = clock.now
        // A hospital may give its doctors one address; who registers themselves has their own.
        let isOfHospital = input.hospital != nil && input.role == .doctor
        if !isOfHospital { try await accounts.claim(input.email, as: input.role, in: tx) }
        return try await accounts.insert(
            underFirstFree: try await usernames(for: input, in: tx), passwordHash: hash, awaiting: input.registrant,
            in: tx
        ) { username in
            UserAccount(
                id: .make(at: now), username: username, name: input.name, email: input.email, role: input.role,
                isSelfRegistered: !isOfHospital, hasGeneratedPassword: isOfHospital, tenant: input.hospital?.retyped(),
                createdAt: now)
        }
    }

    /// How long a registration can still be under way whose account waits: its deadline, and some.
    private static let registrationTime: Duration = .seconds(10)

    /// How often, and how long each time, a registration under the same username is waited for that is under way: a
    /// second in all.
    private static let looks = 20
    private static let pause: Duration = .milliseconds(50)

    /// Frees a username for whoever chose it from a registration that broke off: nobody has such an account, and
    /// nobody is blocked by it. One that may still be under way is given a moment to end, so that of two at once the
    /// later hears that the username is taken.
    private func free(_ username: String) async throws {
        for _ in 0..<Self.looks {
            guard let waiting = try await accounts.waiting(under: username) else { return }
            guard waiting.since > clock.now - Self.registrationTime else {
                guard try await !registrations.knows(waiting.id) else { break }
                _ = try await database.transaction { tx in try await accounts.abandon(waiting.id, in: tx) }
                return
            }
            await WakeSignal().wait(atMost: Self.pause)
        }
        throw Problem.unavailable(retryAfter: 5)
    }

    /// Whoever never asked for a username does not take the plain one from somebody who will; and a patient's, which
    /// stands unsealed, says nothing of who they are.
    private func usernames(for input: PendingAccount, in tx: Transaction) async throws -> [String] {
        switch input.username {
        case .chosen(let name)?: return [name]
        case .numbered(let stem)?:
            return NumberedUsername(stem).free(besides: try await accounts.usernames(beginningWith: stem, in: tx))
        case nil:
            return Array(UsernameProposals.random(for: input.role == .patient ? "patient" : input.name).dropFirst())
        }
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
            case .confirmedNow(let role, let isSelfRegistered):
                let fact = AccountFact(account: account, role: role)
                let others = isSelfRegistered ? try await followers(of: fact, in: tx) : []
                try await ledger.record(.accountRegistered(fact), by: account, with: others, from: origin, in: tx)
                return true
            }
        }
    }
}

extension Enrolment {
    /// What follows when somebody's own registration is confirmed: a mail that proves the email, and whoever has to
    /// decide is told. A hospital is known by its approval, not by its email.
    private func followers(of fact: AccountFact, in tx: Transaction) async throws -> [Event] {
        switch fact.role {
        case .hospital:
            guard let hospital = try await accounts.find(fact.account, in: tx)?.tenant else { return [] }
            return try await accounts.administrators(in: tx).map {
                .hospitalReviewAsked(
                    HospitalReviewFact(account: fact.account, hospital: hospital.retyped(), reviewer: $0))
            }
        case .doctor:
            return try await [.verificationRequested(fact)]
                + accounts.administrators(in: tx).map {
                    .reviewAsked(ReviewFact(account: fact.account, reviewer: $0))
                }
        case .patient, .staff, .admin: return [.verificationRequested(fact)]
        }
    }
}

extension UsernameProposals {
    static func random(for name: String) -> [String] {
        var random = SystemRandomNumberGenerator()
        return UsernameProposals(name: name, random: random.next()).all
    }
}
