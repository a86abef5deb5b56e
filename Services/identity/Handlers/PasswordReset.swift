package import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Jobs
package import Kernel
import Lifecycle
import Postgres
package import Web

/// A forgotten password. Who asks learns nothing about who has an account, not even by time: the request only notes
/// that it was asked, and whose email it is is looked up afterwards (`MailRequests`).
package struct PasswordReset: Sendable {
    let resets: PasswordResetStore
    let requests: MailRequestStore
    let accounts: AccountStore
    let attempts: LoginAttemptStore
    let sessions: SessionStore
    let hasher: PasswordHasher
    let keyedLock: KeyedLock
    /// Tells whoever looks for accounts that a mail was requested.
    let asked: WakeSignal
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func forgot(_ input: EmailOnly, _ call: Call) async throws -> Done {
        let done = try await unit.write(call) { tx in
            let wait = try await requests.ask(
                for: .passwordReset, to: input.email, from: call.origin, at: clock.now, in: tx)
            if let wait {
                throw Problem(
                    .rateLimited, "Too many links were asked for. Please try again later.",
                    retryAfter: wait.secondsRoundedUp)
            }
            try await ledger.note("password.reset_asked", from: call.origin, in: tx)
            return Done()
        }
        asked.signal()
        return done
    }

    /// Only for an account whose owner has just asked: whoever speaks as notifier cannot take an account over at will.
    package func mintToken(_ input: ByID<Account>, _ call: Call) async throws -> Item<PasswordResetTokenView> {
        let token = "prxp_" + Base64URL.encode(Random.bytes(32))
        let isKept = try await database.transaction { tx in
            let isKept = try await resets.keep(
                TokenMint.hash(Secret(token)), of: input.id, at: clock.now, in: tx)
            if isKept == true {
                try await ledger.note("password.reset_link_made", about: input.id, from: call.origin, in: tx)
            }
            return isKept
        }
        guard let isKept else { throw Problem.notFound }
        return Item(PasswordResetTokenView(token: isKept ? token : nil))
    }

    package func reset(_ input: Attempt<ResetPassword>, _ call: Call) async throws -> Done {
        let token = ResetPassword.token(in: input.source).map { TokenMint.hash($0) }
        // Of many who present one token at once, one hashes a password and the others find the token used.
        return try await keyedLock.pass(token ?? Array(call.requestID.utf8)) {
            try await unit.recall(call)
            let owner = try await owner(of: token)
            let faults = try await input.faults.merged(with: self.faults(input, owner))
            guard let owner, let token, let wanted = input.wanted, faults.isEmpty else {
                return try await unit.write(call) { _ in throw Problem.validation(faults) }
            }
            if owner.hasGeneratedPassword, try await isCurrent(wanted.new, of: owner, until: call.deadline) {
                return try await unit.write(call) { _ in throw PasswordChange.isGenerated }
            }
            let hash = try await hasher.hash(wanted.new, until: call.deadline)
            return try await unit.write(call) { tx in try await keep(hash, owner.id, token, call, tx) }
        }
    }

    static let invalid = Problem.field("token", "This link is invalid or has expired. Please ask for a new one.")

    private func owner(of token: [UInt8]?) async throws -> UserAccount? {
        guard let token else { return nil }
        return try await resets.owner(of: token, at: clock.now)
    }

    /// What the form could not see.
    private func faults(
        _ input: Attempt<ResetPassword>, _ owner: UserAccount?
    ) async throws -> [Problem.FieldFaults] {
        let isTokenRead = ResetPassword.token(in: input.source) != nil
        let unknown = isTokenRead && owner == nil ? PasswordReset.invalid.errors : []
        let chosen = ResetPassword.chosen(in: input.source)
        return unknown + (try await hasher.faults(of: chosen, knowing: owner?.known ?? []))
    }

    /// Whether it is the password the account has.
    private func isCurrent(_ password: Secret, of owner: UserAccount, until deadline: Deadline) async throws -> Bool {
        let stored = try await accounts.passwordHash(of: owner.id)
        return try await hasher.turn(until: deadline) {
            try await hasher.verify(password, against: stored) != .differs
        }
    }

    private func keep(
        _ hash: String, _ id: ID<Account>, _ token: [UInt8], _ call: Call, _ tx: Transaction
    ) async throws -> Done {
        let now = clock.now
        guard let account = try await accounts.lock(id, in: tx), account.isActive,
            try await resets.redeem(token, of: id, at: now, in: tx)
        else { throw PasswordReset.invalid }
        try await accounts.replacePassword(of: id, with: hash, at: now, in: tx)
        let ended = try await sessions.endAll(of: id, because: .passwordChanged, at: now, in: tx)
        // Whoever guessed before slows its owner down no more.
        for subject in [account.subject, account.loginSubject] {
            try await attempts.forget(subject, in: tx)
        }
        let fact = AccountFact(account: id, role: account.role)
        try await ledger.record(
            .passwordChanged(fact), as: "password.reset", by: id, with: Event.ended(ended, of: id), from: call.origin,
            in: tx)
        return Done()
    }
}

extension UserAccount {
    /// What somebody who guesses at this account's password knows.
    var known: [(name: String, text: String)] { [("name", name), ("email", email.text), ("username", username)] }
}
