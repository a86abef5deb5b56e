package import API
package import Chassis
import Crypto
import IdentityDomain
package import Kernel
import Lifecycle
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
        let proven = try await prove(input, from: call.origin, until: call.deadline)
        return try await admit(proven, call) { tx in
            let tokens = try await enter(proven, input, call.userAgent, from: call.origin, tx)
            let isBound = signIn.mint.mustChangePassword(proven.account.hasGeneratedPassword)
            return Item(
                SignedInView(user: UserView(proven.account), tokens: tokens, mustChangePassword: isBound))
        }
    }

    package func obtainToken(_ input: ObtainToken, _ call: Call) async throws -> Bare<BearerTokensView> {
        let proven = try await prove(input.logIn, from: call.origin, until: call.deadline)
        return try await admit(proven, call) { tx in
            Bare(signIn.mint.bearer(try await enter(proven, input.logIn, call.userAgent, from: call.origin, tx)))
        }
    }

    package func logInProvider(_ input: LogIn, _ call: Call) async throws -> Item<ProviderSignedInView> {
        let proven = try await prove(input, from: call.origin, until: call.deadline) {
            // A hospital's doctor is no provider: they log in as everybody does.
            $0.account.role == .doctor && $0.account.isSelfRegistered && $0.registrant != nil
        }
        guard let provider = proven.registrant else { throw Login.refusal }
        return try await admit(proven, call) { tx in
            let tokens = try await enter(proven, input, call.userAgent, from: call.origin, tx)
            let account = ProviderAccountView(
                provider: provider, user: UserView(proven.account), isEmailVerified: proven.isEmailVerified)
            return Item(ProviderSignedInView(provider: account, tokens: tokens))
        }
    }

    package func logInPatient(_ input: LogIn, _ call: Call) async throws -> Item<PatientSignedInView> {
        let proven = try await prove(input, from: call.origin, until: call.deadline) {
            $0.account.role == .patient && $0.registrant != nil
        }
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
        let admission: Admission
    }

    /// The transaction in which somebody comes in; a code that is refused in it is put on record.
    private func admit<Gives: Answer>(
        _ proven: Proven, _ call: Call, _ body: (Transaction) async throws -> Gives
    ) async throws -> Gives {
        try await check.whileRecording(proven.account.id, from: call.origin) { try await unit.write(call, body) }
    }

    /// First a turn to hash is taken, then the try is counted, then the password looked at: who had no turn tried
    /// nothing. A right password takes its try back before the turn is over, so that those who come next with it do not
    /// find it counted. Nothing of it is inside a transaction.
    func prove(
        _ input: LogIn, from origin: Origin, until deadline: Deadline,
        where isMeant: (AccountStore.Candidate) -> Bool = { _ in true }
    ) async throws -> Proven {
        let name = Login.comparable(input.identifier)
        let proven = try await hasher.turn(as: name, until: deadline) {
            let candidates = try await accounts.candidates(for: input.identifier).filter(isMeant)
            let subjects = candidates.isEmpty ? [name] : candidates.map(\.account.loginSubject)
            try await attempts.pass(subjects, at: clock.now)
            let proven = try await match(candidates, input)
            if let proven {
                // One that needs a code besides is counted until that was right.
                let pending = proven.hasSecondFactor ? proven.account.loginSubject : nil
                try await attempts.takeBack(subjects.filter { $0 != pending })
            }
            return proven
        }
        guard let proven else {
            try await note("login.failed", nil, origin)
            throw Login.refusal
        }
        let isSwitchedOff = "This account is not active. Please contact support."
        if let refusal = proven.account.isActive ? proven.admission.refusal : isSwitchedOff {
            try await note("login.refused", proven.account.id, origin)
            throw Problem(.accountInactive, refusal)
        }
        if proven.hasSecondFactor { try await ask(input.code, of: proven.account.id) }
        return proven
    }

    /// A typed name as accounts are looked for by it. Tries are counted by account, whichever of its names was typed,
    /// and by this where the name is nobody's.
    private static func comparable(_ name: String) -> String { Email(name)?.comparable ?? name.lowercased() }

    /// Whose password it is. Where the name is nobody's, one is looked at that takes as long to be wrong.
    private func match(_ candidates: [AccountStore.Candidate], _ input: LogIn) async throws -> Proven? {
        if candidates.isEmpty { _ = try await hasher.verify(input.password, against: nil) }
        for candidate in candidates {
            let verdict = try await hasher.verify(input.password, against: candidate.passwordHash)
            guard case .matches(rehash: let needsRehash) = verdict else { continue }
            let rehashed = needsRehash ? try await hasher.rehash(input.password) : nil
            return Proven(
                account: candidate.account, hash: candidate.passwordHash, rehashed: rehashed,
                registrant: candidate.registrant, isEmailVerified: candidate.isEmailVerified,
                hasSecondFactor: candidate.hasSecondFactor, admission: candidate.admission)
        }
        return nil
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
        try await attempts.forget(proven.account.loginSubject, in: tx)
        try await ledger.note(
            "login.succeeded", about: proven.account.id, by: proven.account.id, from: origin, in: tx)
        return try await signIn.open(
            for: proven.account, hasFactor: proven.hasSecondFactor, on: userAgent, from: origin, at: now, in: tx)
    }
}

extension LoginAttemptStore {
    /// Counts the try, or refuses it because too many came before.
    func pass(_ subjects: [String], delays: [Int64] = LoginBackoff.delays, at now: Instant) async throws {
        guard let wait = try await begin(subjects, delays: delays, at: now) else { return }
        throw Problem(
            .rateLimited, "Too many failed attempts. Please try again later.", retryAfter: wait.secondsRoundedUp)
    }
}

extension UserAccount {
    /// What logins are counted under, by whichever name the account was meant. No typed name can be this: control
    /// characters are refused in those.
    var loginSubject: String { "\u{1}login/\(id)" }
}
