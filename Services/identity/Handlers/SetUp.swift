package import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Kernel
import Postgres
package import Web

/// The first administrator, by a link that an operator had made: only while there is none.
package struct SetUp: Sendable {
    let links: SetUpStore
    let accounts: AccountStore
    let hasher: PasswordHasher
    let keyedLock: KeyedLock
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// For the operator's command line: the token of a new link, in place of any older one; nil when there is an
    /// administrator already.
    package func mintToken() async throws -> String? {
        let token = "prxs_" + Base64URL.encode(Random.bytes(32))
        return try await database.transaction { tx in
            guard try await links.claim(in: tx) else { return nil }
            try await links.keep(TokenMint.hash(Secret(token)), until: clock.now + SetUpRules.life, in: tx)
            try await ledger.note("setup.link_made", from: .command("setup-link"), in: tx)
            return token
        }
    }

    /// The same as a link to the page that makes the administrator.
    package func link(at site: String) async throws -> String {
        guard let token = try await mintToken() else {
            throw Problem.conflict("There is an administrator already: `praxis create-admin` makes another.")
        }
        return "\(site.hasSuffix("/") ? String(site.dropLast()) : site)/setup?token=\(token)"
    }

    package func setUp(_ input: Attempt<SetUpAdministrator>, _ call: Call) async throws -> Created<UserView> {
        let claims = SetUpAdministrator.claims(in: input.source)
        let token = claims.token.map { TokenMint.hash($0) }
        return try await keyedLock.pass(token ?? Array(call.requestID.utf8)) {
            try await unit.recall(call)
            let faults = try await input.faults.merged(with: self.faults(claims, token))
            guard let token, let wanted = input.wanted, faults.isEmpty else {
                return try await unit.write(call) { _ in throw Problem.validation(faults) }
            }
            let hash = try await hasher.hash(wanted.password, until: call.deadline)
            return try await unit.write(call) { tx in try await keep(wanted, hash, token, call, tx) }
        }
    }

    static let invalid = Problem.field("token", "This set-up link is invalid or has expired.")

    /// What the form could not see. Whoever has no good token learns nothing about usernames and emails.
    private func faults(
        _ claims: SetUpAdministrator.Claims, _ token: [UInt8]?
    ) async throws -> [Problem.FieldFaults] {
        guard let token else { return [] }
        guard try await links.isGood(token, at: clock.now) else { return SetUp.invalid.errors }
        let taken = try await accounts.taken(email: claims.email, as: .admin, username: claims.username)
        let known = [("name", claims.name), ("email", claims.email?.text), ("username", claims.username)]
        return (taken?.errors ?? [])
            + (try await hasher.faults(
                of: claims.password, knowing: known.compactMap { name, text in text.map { (name, $0) } }))
    }

    private func keep(
        _ wanted: SetUpAdministrator, _ hash: String, _ token: [UInt8], _ call: Call, _ tx: Transaction
    ) async throws -> Created<UserView> {
        let now = clock.now
        guard try await links.redeem(token, at: now, in: tx) else { throw SetUp.invalid }
        let account = UserAccount(
            id: .make(at: now), username: wanted.username, name: wanted.name, email: wanted.email, role: .admin,
            createdAt: now)
        guard try await accounts.insert(account, passwordHash: hash, in: tx) else { throw AccountStore.usernameTaken }
        let fact = AccountFact(account: account.id, role: .admin)
        try await ledger.record(
            .accountRegistered(fact), as: "account.set_up", by: account.id, from: call.origin, in: tx)
        return Created(UserView(account), at: "/api/auth/me")
    }
}
