import API
import Chassis
import Kernel
import Observability
import Postgres
import Web

/// What every registration across two services has in common. Identity keeps an account that counts for nobody; the
/// entry is committed here, and its constraints alone decide who is first; then the account is confirmed. Whatever
/// breaks off before the commit leaves an account that identity forgets; after it, identity asks and confirms
/// (docs/adr/0017).
struct Registrar: Sendable {
    let accounts: any AccountSource
    let judge: PasswordJudge
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    private let keyedLock = KeyedLock()

    init(accounts: any AccountSource, judge: PasswordJudge, database: Database, unit: UnitOfWork, ledger: Ledger) {
        self.accounts = accounts
        self.judge = judge
        self.database = database
        self.unit = unit
        self.ledger = ledger
    }

    /// Who asks to be registered, as far as it can be read.
    struct Applicant: Sendable {
        let email: Email?
        /// As chosen; nil where identity makes one.
        var username: String?
        let password: Chosen?
        /// What the trail calls a refusal.
        let refusal: String
        /// What of theirs is somebody else's.
        let taken: @Sendable () async throws -> [Problem.FieldFaults]
    }

    /// A password that keeps the rules of its form, and what a guesser knows of its owner.
    struct Chosen: Sendable {
        let password: Secret
        let words: [String]

        init(password: Secret, words: [String]) {
            self.password = password
            self.words = words
        }

        init(_ claim: PasswordClaim) { self.init(password: claim.password, words: claim.words) }
    }

    /// Tells all that is wrong at once, or lets in.
    func register<Wanted: Input, Gives: Answer>(
        _ input: Attempt<Wanted>, _ applicant: Applicant, on call: Call, _ enter: (Wanted) async throws -> Gives
    ) async throws -> Gives {
        // Of many who register one email or username at once, one makes an account and the others find it taken.
        try await alone(applicant, call) {
            let faults = input.faults.merged(with: try await taken(by: applicant, call))
                .merged(with: try await guessable(applicant.password))
            guard let wanted = input.wanted, faults.isEmpty else {
                return try await refuse(.validation(faults), as: applicant.refusal, call)
            }
            do { return try await enter(wanted) } catch let problem as Problem where problem.code == .validationFailed {
                // Somebody was faster: all that is taken is reported, not only what was noticed first.
                let faults = problem.errors.merged(with: try await taken(by: applicant, call))
                return try await refuse(.validation(faults), as: applicant.refusal, call)
            }
        }
    }

    private func alone<Result>(
        _ applicant: Applicant, _ call: Call, _ body: () async throws -> Result
    ) async throws -> Result {
        let email = Array((applicant.email?.comparable ?? call.requestID).utf8)
        guard let username = applicant.username else { return try await keyedLock.pass(email, body) }
        // Emails first, so that no two wait for each other; no email is such a key.
        return try await keyedLock.pass(email) {
            try await keyedLock.pass(Array("username/\(username.lowercased())".utf8), body)
        }
    }

    private func taken(by applicant: Applicant, _ call: Call) async throws -> [Problem.FieldFaults] {
        let taken = try await applicant.taken()
        guard let username = applicant.username,
            try await accounts.isTaken(username: username, for: call.origin, until: call.deadline)
        else { return taken }
        return taken.merged(with: Self.usernameTaken.errors)
    }

    static let usernameTaken = Problem.field("username", "A user with that username already exists.")

    /// Keeps the account, commits what belongs to it, confirms the account.
    func enter<Gives: Answer>(
        _ pending: PendingAccount, on call: Call, _ commit: (PendingAccountView, Transaction) async throws -> Gives
    ) async throws -> Gives {
        let opened = try await accounts.open(pending, for: call.origin, until: call.deadline)
        let answer = try await unit.write(call) { tx in try await commit(opened, tx) }
        do { try await accounts.confirm(opened.account, for: call.origin, until: call.deadline) } catch {
            log.warning("an account will be confirmed later", ["fault": String(describing: type(of: error))])
        }
        return answer
    }

    private func guessable(_ claim: Chosen?) async throws -> [Problem.FieldFaults] {
        guard let claim, try await judge.isGuessable(claim.password, knowing: claim.words) else { return [] }
        return Problem.field("password", PasswordRules.isGuessable).errors
    }

    /// Refused as a write, so that a repeated request under its key still gets its first answer; and noted, as each
    /// attempt is.
    private func refuse<Gives: Answer>(_ problem: Problem, as action: String, _ call: Call) async throws -> Gives {
        do {
            return try await unit.write(call) { _ in throw problem }
        } catch let refused as Problem {
            try await database.transaction { tx in try await ledger.note(action, from: call.origin, in: tx) }
            throw refused
        }
    }
}
