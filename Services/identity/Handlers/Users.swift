package import API
package import Audit
package import Chassis
import Events
import IdentityDomain
package import Kernel
import Postgres
package import Web

/// What administrators do with accounts.
package struct Users: Sendable {
    let accounts: AccountStore
    let sessions: SessionStore
    let unit: UnitOfWork
    let ledger: Ledger
    let accesses: AccessLog
    let clock: any WallClock

    package init(
        accounts: AccountStore, sessions: SessionStore, unit: UnitOfWork, ledger: Ledger, accesses: AccessLog,
        clock: any WallClock
    ) {
        self.accounts = accounts
        self.sessions = sessions
        self.unit = unit
        self.ledger = ledger
        self.accesses = accesses
        self.clock = clock
    }

    package func list(_ query: ListUsers, _ call: Call) async throws -> Listing<ProfileView> {
        let page = try await accounts.list(query).map { ProfileView($0) }
        // Names and addresses of others: who saw them is written down before they leave.
        try await accesses.seen("accounts.read", subject: nil, from: call.origin)
        return Listing(page, asked: query.page)
    }

    package func update(_ input: WithID<Account, UpdateUser>, _ call: Call) async throws -> Item<ProfileView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let account = try await accounts.lock(input.id, in: tx) else { throw Problem.notFound }
            try call.condition.check(account.version)
            let now = clock.now
            let wanted = input.body.isActive
            guard let changed = try account.switched(active: wanted, by: caller.account, at: now) else {
                return Item(ProfileView(account), version: account.version)
            }
            try await accounts.update(changed, in: tx)
            let fact = StandingFact(account: account.id, role: account.role, version: changed.version)
            if wanted {
                try await ledger.record(.accountActivated(fact), from: call.origin, in: tx)
            } else {
                let ended = try await sessions.endAll(of: account.id, because: .accountDeactivated, at: now, in: tx)
                try await ledger.record(
                    .accountDeactivated(fact), with: Event.ended(ended, of: account.id), from: call.origin, in: tx)
            }
            return Item(ProfileView(changed), version: changed.version)
        }
    }
}
