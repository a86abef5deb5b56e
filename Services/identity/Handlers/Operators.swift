import API
import Chassis
import Crypto
import Events
import IdentityDomain
package import Kernel
import Lifecycle
import Postgres

/// What operators do from the command line, without a request around it: they make accounts.
package struct Operators: Sendable {
    let accounts: AccountStore
    let links: SetUpStore
    let factors: SecondFactorStore
    let sessions: SessionStore
    let hasher: PasswordHasher
    let database: Database
    let ledger: Ledger
    let clock: any WallClock

    /// An account to be made.
    package struct NewAccount: Sendable {
        let username: String
        let name: String
        let email: Email
        let role: Role
        let password: Secret

        package init(username: String, name: String, email: String, role: Role, password: Secret) throws(Problem) {
            var faults: [Problem.FieldFaults] = []
            if !Username.isValid(username) { faults.append(.init(field: "username", messages: [Username.hint])) }
            if Email(email) == nil { faults.append(.init(field: "email", messages: ["Enter a valid email address."])) }
            guard let address = Email(email), faults.isEmpty else { throw .validation(faults) }
            self.username = username
            self.name = name
            self.email = address
            self.role = role
            self.password = password
        }
    }

    /// What an operator's command did.
    package enum Outcome: Sendable, Equatable { case made, existed, removed, factorReset, hadNoFactor }

    private func givePassword(
        _ password: String, to candidate: AccountStore.Candidate
    ) async throws -> Outcome {
        let verdict = try await hasher.verify(Secret(password), against: candidate.passwordHash)
        if case .matches = verdict { return .existed }
        let hash = try await hasher.hash(Secret(password), until: .never)
        let account = candidate.account.id
        try await database.transaction { tx in
            try await accounts.replacePassword(of: account, with: hash, at: clock.now, in: tx)
            try await ledger.note("password.set_by_operator", about: account, from: .command("demo"), in: tx)
        }
        return .made
    }

    /// Makes the account, unless its username exists. `checked` holds the password to the rules everybody's is held to.
    package func make(_ wanted: NewAccount, checked: Bool = true) async throws -> Outcome {
        if try await accounts.isTaken(username: wanted.username) { return .existed }
        if checked { try await check(wanted) }
        let hash = try await hasher.hash(wanted.password, until: .never)
        let now = clock.now
        let account = UserAccount(
            id: .make(at: now), username: wanted.username, name: wanted.name, email: wanted.email, role: wanted.role,
            createdAt: now)
        return try await database.transaction { tx in
            // A set-up link that is used at this moment waits, and then finds an administrator.
            if wanted.role == .admin { _ = try await links.claim(in: tx) }
            guard try await accounts.insert(account, passwordHash: hash, in: tx) else { return .existed }
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(
                .accountRegistered(fact), as: "account.made_by_operator", from: .command("create-account"), in: tx)
            return .made
        }
    }

    private func check(_ wanted: NewAccount) async throws {
        let known = [("username", wanted.username), ("name", wanted.name), ("email", wanted.email.text)]
        let rules = PasswordRules.faults(of: wanted.password.expose())
        let faults = (rules.isEmpty ? [] : [Problem.FieldFaults(field: "password", messages: rules)])
            .merged(
                with: try await hasher.faults(of: ChosenPassword(wanted.password, under: "password"), knowing: known))
        if !faults.isEmpty { throw Problem.validation(faults) }
    }

    /// The demonstration's accounts that identity keeps. Their passwords stand in the documents: development only.
    static let demo: [(username: String, name: String, email: String, role: Role, password: String)] = [
        ("admin", "Praxis Administrator", "admin@praxis.example", .admin, "admin123"),
        ("demo_staff", "Demo Staff", "staff@praxis.example", .staff, "staff123"),
    ]

    /// Those that register themselves first, so that their entries are registry's; they are given the passwords of the
    /// documents.
    static let demoRegistered: [(username: String, password: String)] = [
        ("jinnah_hospital", "jinnah123"), ("demo_hospital", "hospital123"), ("demo_patient", "patient123"),
    ]

    package func makeDemo() async throws -> [(username: String, outcome: Outcome)] {
        var outcomes: [(String, Outcome)] = []
        for account in Operators.demo {
            let wanted = try NewAccount(
                username: account.username, name: account.name, email: account.email, role: account.role,
                password: Secret(account.password))
            outcomes.append((account.username, try await make(wanted, checked: false)))
        }
        for known in Operators.demoRegistered {
            for candidate in try await accounts.candidates(for: known.username) {
                outcomes.append((known.username, try await givePassword(known.password, to: candidate)))
            }
        }
        return outcomes
    }
}
