package import API
import Chassis
import Events
import IdentityDomain
import JSON
import Jobs
import Kernel
import Lifecycle
import Postgres
package import Web

/// The caller's own account.
package struct Profile: Sendable {
    let accounts: AccountStore
    let passwords: PasswordChange
    let emailChange: EmailChange
    let directory: any DashboardSource
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func show(_: NoInput, _ call: Call) async throws -> Item<OwnProfileView> {
        let caller = try call.requireCaller()
        guard let account = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        let pending = try await emailChange.changes.pending(of: account.id, at: clock.now)
        return Item(OwnProfileView(account, pending: pending), version: account.version)
    }

    /// With what belongs to the account by its role; without it where registry cannot be asked.
    package func showWithRole(_ input: NoInput, _ call: Call) async throws -> Item<AccountMeView> {
        let own = try await show(input, call).view
        let role = try call.requireCaller().role
        guard role == .patient || role == .doctor || role == .hospital else {
            return Item(AccountMeView(own: own, profile: nil))
        }
        let entry = await unlessAway { try await directory.own(for: call.origin, until: call.deadline) }
        return Item(AccountMeView(own: own, profile: entry.map { RoleProfileView($0) }))
    }

    package func update(_ patch: Patch<UpdateAccount>, _ call: Call) async throws -> Item<OwnProfileView> {
        let caller = try call.requireCaller()
        guard let current = try await accounts.find(caller.account) else { throw Problem.notAuthenticated }
        let wanted = try patch.applied(to: current.json)
        try await prove(wanted, of: current, until: call.deadline)
        let updated = try await unit.write(call) { tx in
            guard let account = try await accounts.lock(caller.account, in: tx) else { throw Problem.notAuthenticated }
            try call.condition.check(account.version)
            // What was proven was proven for this email; if it has moved meanwhile, it is to be proven again.
            guard account.email == current.email else { throw Problem.preconditionFailed }
            return try await keep(try patch.applied(to: account.json), of: account, call, tx)
        }
        emailChange.asked.signal()
        return updated
    }

    private func keep(
        _ wanted: UpdateAccount, of account: UserAccount, _ call: Call, _ tx: Transaction
    ) async throws -> Item<OwnProfileView> {
        let now = clock.now
        let pending = try await emailChange.changes.pending(of: account.id, at: now, in: tx)
        let changed = try account.changed(name: wanted.name, email: wanted.email, pending: pending, at: now)
        let isMoving = wanted.email != account.email
        if isMoving { try await emailChange.begin(wanted.email, of: account, from: call.origin, in: tx) }
        if let changed {
            try await accounts.update(changed, in: tx)
            if changed.name != account.name || changed.email.text != account.email.text {
                let fact = AccountFact(account: account.id, role: account.role)
                try await ledger.record(.accountUpdated(fact), from: call.origin, in: tx)
            }
        }
        let shown = changed ?? account
        return Item(OwnProfileView(shown, pending: isMoving ? wanted.email : pending), version: shown.version)
    }

    private func prove(_ wanted: UpdateAccount, of account: UserAccount, until deadline: Deadline) async throws {
        guard wanted.email != account.email else { return }
        guard let password = wanted.currentPassword else {
            throw Problem.field("current_password", "Enter your current password to change the email address.")
        }
        _ = try await passwords.prove(password, of: account, under: "current_password", until: deadline)
    }
}

extension UserAccount {
    /// What a merge patch is laid over: the input's own keys.
    var json: JSONValue { ["name": .string(name), "email": .string(email.text)] }
}
