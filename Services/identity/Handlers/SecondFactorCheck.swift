import Chassis
import Crypto
import IdentityDomain
import Kernel
import Postgres

/// Checks the code of somebody's second factor. What identity itself does with it happens in the transaction that uses
/// the code up. Another service that has it checked (`proveSecondFactor`) does its own part afterwards: where that
/// fails the code is used up all the same.
package struct SecondFactorCheck: Sendable {
    let factors: SecondFactorStore
    let attempts: LoginAttemptStore
    let database: Database
    let ledger: Ledger
    let clock: any WallClock

    static let isMissing = Problem(.otpRequired, "A one-time code is required.")
    static let isWrong = Problem(.otpInvalid, "The one-time code is not valid.")

    /// Counts a try at a code before it is looked at, or refuses it because too many came before. Recovery codes are
    /// not counted: nobody guesses one, and it must never be a stranger's guessing that keeps the owner out.
    func begin(_ typed: Secret, of account: ID<Account>) async throws {
        if case .recovery? = FactorCode(typed.expose()) { return }
        try await attempts.pass([Self.subject(account)], delays: FactorBackoff.delays, at: clock.now)
    }

    /// Uses the code up; false when it is none, and then the transaction is to be given up.
    func use(_ typed: Secret, of account: ID<Account>, from origin: Origin, in tx: Transaction) async throws -> Bool {
        switch FactorCode(typed.expose()) {
        case .digits(let digits):
            guard let kept = try await factors.secret(of: account, in: tx),
                let step = TOTP.step(of: digits, secret: kept.secret, at: clock.now, after: kept.lastStep),
                try await factors.use(step: step, of: account, in: tx)
            else { return false }
        case .recovery(let code):
            guard try await factors.use(recoveryCode: Digest.sha256(code), of: account, in: tx) else { return false }
            try await ledger.note("second_factor.recovery_code_used", about: account, by: account, from: origin, in: tx)
        case nil: return false
        }
        try await attempts.forget(Self.subject(account), in: tx)
        return true
    }

    /// Runs `body`, and puts a refused code on record where that gave the transaction up.
    func whileRecording<Result>(
        _ account: ID<Account>, from origin: Origin, _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch let problem as Problem where problem.code == .otpInvalid {
            try await database.transaction { tx in
                try await ledger.note("second_factor.failed", about: account, from: origin, in: tx)
            }
            throw problem
        }
    }

    /// No typed name can be this: control characters are refused in those.
    private static func subject(_ account: ID<Account>) -> String { "\u{1}second factor/\(account)" }
}
