package import API
package import Chassis
import Events
import IdentityDomain
import JSON
package import Kernel
import Postgres
package import Web

/// The caller's own account.
package struct Profile: Sendable {
    let accounts: AccountStore
    let passwords: PasswordChange
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, passwords: PasswordChange, unit: UnitOfWork, ledger: Ledger, clock: any WallClock
    ) {
        self.accounts = accounts
        self.passwords = passwords
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func show(_: NoInput, _ call: Call) async throws -> Item<ProfileView> {
        let caller = try call.requireCaller()
        guard let account = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        return Item(ProfileView(account), version: account.version)
    }

    package func update(_ patch: Patch<UpdateAccount>, _ call: Call) async throws -> Item<ProfileView> {
        let caller = try call.requireCaller()
        guard let current = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        let wanted = try patch.applied(to: current.json)
        try await prove(wanted, of: current)
        return try await unit.write(call) { tx in
            guard let account = try await accounts.lock(caller.account, in: tx) else { throw Problem.notAuthenticated }
            try call.condition.check(account.version)
            // What was proven was proven for this email; if it has moved meanwhile, it is to be proven again.
            guard account.email == current.email else { throw Problem.preconditionFailed }
            let wanted = try patch.applied(to: account.json)
            guard let changed = try account.changed(name: wanted.name, email: wanted.email, at: clock.now) else {
                return Item(ProfileView(account), version: account.version)
            }
            if changed.email != account.email {
                try await accounts.claim(changed.email, as: account.role, in: tx)
            }
            try await accounts.update(changed, in: tx)
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(.accountUpdated(fact), from: call.origin, in: tx)
            return Item(ProfileView(changed), version: changed.version)
        }
    }

    private func prove(_ wanted: UpdateAccount, of account: UserAccount) async throws {
        guard wanted.email != account.email else { return }
        guard let password = wanted.currentPassword else {
            throw Problem.field("current_password", "Enter your current password to change the email address.")
        }
        _ = try await passwords.prove(password, of: account, under: "current_password")
    }
}

extension UserAccount {
    /// What a merge patch is laid over: the input's own keys.
    var json: JSONValue { ["name": .string(name), "email": .string(email.text)] }
}
