package import API
package import Chassis
import Crypto
import IdentityDomain
package import Kernel
package import Postgres
package import Web

/// Logging in: who fails learns nothing, neither by words nor by time, about who has an account.
package struct Login: Sendable {
    let accounts: AccountStore
    let attempts: LoginAttemptStore
    let hasher: PasswordHasher
    let check: SecondFactorCheck
    let signIn: SignIn
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(
        accounts: AccountStore, attempts: LoginAttemptStore, hasher: PasswordHasher, check: SecondFactorCheck,
        signIn: SignIn, database: Database, unit: UnitOfWork, ledger: Ledger, clock: any WallClock
    ) {
        self.accounts = accounts
        self.attempts = attempts
        self.hasher = hasher
        self.check = check
        self.signIn = signIn
        self.database = database
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func logIn(_ input: LogIn, _ call: Call) async throws -> Item<SignedInView> {
        let proven = try await prove(input, from: call.origin)
        return try await admit(proven, call) { tx in
            let tokens = try await enter(proven, input, call.userAgent, from: call.origin, tx)
            return Item(SignedInView(user: UserView(proven.account), tokens: tokens))
        }
    }

    package func obtainToken(_ input: ObtainToken, _ call: Call) async throws -> Bare<BearerTokensView> {
        let proven = try await prove(input.logIn, from: call.origin)
        return try await admit(proven, call) { tx in
            Bare(signIn.mint.bearer(try await enter(proven, input.logIn, call.userAgent, from: call.origin, tx)))
        }
    }

    package func logInProvider(_ input: LogIn, _ call: Call) async throws -> Item<ProviderSignedInView> {
        let proven = try await prove(input, from: call.origin) { $0.account.role == .doctor && $0.registrant != nil }
        guard let provider = proven.registrant else { throw Login.refusal }
        return try await admit(proven, call) { tx in
            let tokens = try await enter(proven, input, call.userAgent, from: call.origin, tx)
            let account = ProviderAccountView(
                provider: provider, user: UserView(proven.account), isEmailVerified: proven.isEmailVerified)
            return Item(ProviderSignedInView(provider: account, tokens: tokens))
        }
    }

    package func logInPatient(_ input: LogIn, _ call: Call) async throws -> Item<PatientSignedInView> {
        let proven = try await prove(input, from: call.origin) { $0.account.role == .patient && $0.registrant != nil }
        guard let patient = proven.registrant else { throw Login.refusal }
        return try await admit(proven, call) { tx in
            let tokens = try await enter(proven, input, call.userAgent, from: call.origin, tx)
            let phone = try await accounts.phone(of: proven.account.id, in: tx)
            let account = PatientAccountView(
                patient: patient, user: UserView(proven.account), phone: phone?.number.text,
                isEmailVerified: proven.isEmailVerified, isPhoneVerified: phone?.isProven ?? false)
            return Item(PatientSignedInView(patient: account, tokens: tokens))
        }
    }

    static let refusal = Problem(.invalidCredentials, "Invalid credentials.")

    struct Proven: Sendable {
        let account: UserAccount
        let hash: String
        let rehashed: String?
        let registrant: ID<Registrant>?
        let isEmailVerified: Bool
        let hasSecondFactor: Bool
    }

    /// The transaction in which somebody comes in; a code that is refused in it is put on record.
    private func admit<Gives: Answer>(
        _ proven: Proven, _ call: Call, _ body: (Transaction) async throws -> Gives
    ) async throws -> Gives {
        try await check.whileRecording(proven.account.id, from: call.origin) { try await unit.write(call, body) }
    }

    /// The try is counted first, then the password looked at; nothing of it inside a transaction.
    func prove(
        _ input: LogIn, from origin: Origin, where isMeant: (AccountStore.Candidate) -> Bool = { _ in true }
    ) async throws -> Proven {
        try await attempts.pass(input.identifier, at: clock.now)
        for candidate in try await candidates(input, where: isMeant) {
            let verdict = try await hasher.verify(input.password, against: candidate?.passwordHash)
            guard let candidate, case .matches(rehash: let needsRehash) = verdict else { continue }
            guard candidate.account.isActive else {
                try await note("login.refused", candidate.account.id, origin)
                throw Problem(.accountInactive, "This account is not active. Please contact support.")
            }
            if candidate.hasSecondFactor { try await ask(input.code, of: candidate.account.id) }
            let rehashed = needsRehash ? try await hasher.hash(input.password) : nil
            return Proven(
                account: candidate.account, hash: candidate.passwordHash, rehashed: rehashed,
                registrant: candidate.registrant, isEmailVerified: candidate.isEmailVerified,
                hasSecondFactor: candidate.hasSecondFactor)
        }
        try await note("login.failed", nil, origin)
        throw Login.refusal
    }

    private func ask(_ code: Secret?, of account: ID<Account>) async throws {
        guard let code else { throw SecondFactorCheck.isMissing }
        try await check.begin(code, of: account)
    }

    /// A failed login names nobody: what was typed may be a password.
    private func note(_ action: String, _ account: ID<Account>?, _ origin: Origin) async throws {
        try await database.transaction { tx in
            try await ledger.note(action, about: account, from: origin, in: tx)
        }
    }

    /// Whom the name can mean; for nobody, one who is not there, whose password takes as long to be wrong.
    private func candidates(
        _ input: LogIn, where isMeant: (AccountStore.Candidate) -> Bool
    ) async throws -> [AccountStore.Candidate?] {
        let found = try await accounts.candidates(for: input.identifier).filter(isMeant)
        return found.isEmpty ? [nil] : found
    }

    func enter(
        _ proven: Proven, _ input: LogIn, _ userAgent: String, from origin: Origin, _ tx: Transaction
    ) async throws -> TokensView {
        let now = clock.now
        let isStillTrue = try await accounts.noteLogin(
            proven.account.id, proven: proven.hash, secondFactor: proven.hasSecondFactor, rehashed: proven.rehashed,
            at: now, in: tx)
        guard isStillTrue else { throw Login.refusal }
        if proven.hasSecondFactor {
            guard let code = input.code, try await check.use(code, of: proven.account.id, from: origin, in: tx)
            else {
                throw SecondFactorCheck.isWrong
            }
        }
        try await attempts.forget(input.identifier, in: tx)
        try await ledger.note(
            "login.succeeded", about: proven.account.id, by: proven.account.id, from: origin, in: tx)
        return try await signIn.open(
            for: proven.account, hasFactor: proven.hasSecondFactor, on: userAgent, from: origin, at: now, in: tx)
    }
}

extension LoginAttemptStore {
    /// Counts the try, or refuses it because too many came before.
    func pass(_ subject: String, delays: [Int64] = LoginBackoff.delays, at now: Instant) async throws {
        guard let wait = try await begin(subject, delays: delays, at: now) else { return }
        throw Problem(
            .rateLimited, "Too many failed attempts. Please try again later.", retryAfter: wait.secondsRoundedUp)
    }
}
