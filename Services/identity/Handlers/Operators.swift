import API
import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// What operators do from the command line, without a request around it: they make accounts.
package struct Operators: Sendable {
    let accounts: AccountStore
    let desk: PasswordDesk
    let database: Database
    let clock: any WallClock

    package init(accounts: AccountStore, desk: PasswordDesk, database: Database, clock: any WallClock) {
        (self.accounts, self.desk, self.database, self.clock) = (accounts, desk, database, clock)
    }

    /// An account to be made.
    package struct Wish: Sendable {
        package let username: String
        package let name: String
        package let email: Email
        package let role: Role
        package let password: Secret

        package init(username: String, name: String, email: Email, role: Role, password: Secret) {
            (self.username, self.name, self.email) = (username, name, email)
            (self.role, self.password) = (role, password)
        }
    }

    package enum Outcome: Sendable, Equatable { case made, existed }

    /// Makes the account, unless its username exists. `checked` holds the password to the rules everybody's is held to.
    package func make(_ wish: Wish, checked: Bool = true) async throws -> Outcome {
        if try await accounts.isTaken(username: wish.username) { return .existed }
        if checked {
            let faults = PasswordRules.faults(of: wish.password.expose())
            if !faults.isEmpty {
                throw Problem.validation([Problem.FieldFaults(field: "password", messages: faults)])
            }
            try await desk.check(wish.password, under: "password", knowing: [wish.username, wish.name, wish.email.text])
        }
        let hash = try await desk.hash(wish.password)
        let now = clock.now
        let account = UserAccount(
            id: .make(at: now), username: wish.username, name: wish.name, email: wish.email, role: wish.role,
            createdAt: now)
        return try await database.transaction { tx in
            try await accounts.insert(account, passwordHash: hash, in: tx) ? .made : .existed
        }
    }

    /// The accounts of the demonstration that identity keeps. Their passwords are in the documents: development only.
    package static let demo: [(username: String, name: String, email: String, role: Role, password: String)] = [
        ("admin", "Praxis Administrator", "admin@praxis.example", .admin, "admin123"),
        ("demo_staff", "Demo Staff", "staff@praxis.example", .staff, "staff123"),
    ]

    package func makeDemo() async throws -> [(username: String, outcome: Outcome)] {
        var outcomes: [(String, Outcome)] = []
        for account in Operators.demo {
            guard let email = Email(account.email) else { continue }
            let wish = Wish(
                username: account.username, name: account.name, email: email, role: account.role,
                password: Secret(account.password))
            outcomes.append((account.username, try await make(wish, checked: false)))
        }
        return outcomes
    }
}
