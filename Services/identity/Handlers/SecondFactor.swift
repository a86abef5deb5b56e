package import API
import Chassis
import Crypto
import Events
import IdentityDomain
import Kernel
import Postgres
package import Web

/// Setting up, replacing and removing the caller's second factor.
package struct SecondFactor: Sendable {
    let accounts: AccountStore
    let factors: SecondFactorStore
    let sessions: SessionStore
    let passwords: PasswordChange
    let check: SecondFactorCheck
    let mint: TokenMint
    let issuer: String
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func show(_: NoInput, _ call: Call) async throws -> Item<SecondFactorView> {
        let caller = try call.requireCaller()
        let (confirmedAt, left) = try await factors.state(of: caller.account)
        return Item(
            SecondFactorView(
                confirmedAt: confirmedAt, codesLeft: left,
                isRequired: mint.mustEnrol(caller.role, hasFactor: false)))
    }

    package func enrol(_ input: EnrolSecondFactor, _ call: Call) async throws -> Created<EnrolmentView> {
        let account = try await account(of: call)
        let hash = try await passwords.prove(
            input.password, of: account, under: "password", until: call.deadline)
        if let code = input.code { try await check.begin(code, of: account.id) }
        let secret = Random.bytes(FactorRules.secretBytes), end = clock.now + FactorRules.enrolmentLife
        let view = try view(of: secret, for: account, until: end)
        return try await unlessWrong(account, call) {
            try await unit.write(call) { tx in
                guard try await factors.begin(secret, of: account.id, provenBy: hash, until: end, in: tx) else {
                    throw PasswordChange.wrong("password")
                }
                if try await factors.secret(of: account.id, in: tx) != nil {
                    guard let code = input.code else { throw SecondFactorCheck.isMissing }
                    try await use(code, of: account, call, tx)
                }
                try await passwords.attempts.forget(account.subject, in: tx)
                try await ledger.note("second_factor.enrolled", about: account.id, from: call.origin, in: tx)
                return Created(view, at: "/api/auth/mfa")
            }
        }
    }

    /// All other sessions end: whoever has the password alone may be in one of them.
    package func confirm(_ input: ConfirmSecondFactor, _ call: Call) async throws -> Item<RecoveryCodesView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let now = clock.now
            guard let account = try await accounts.lock(caller.account, in: tx) else { throw Problem.notAuthenticated }
            guard let secret = try await factors.waiting(of: account.id, at: now, in: tx) else {
                throw Problem.conflict("There is nothing to confirm: begin with POST /api/auth/mfa/totp.")
            }
            guard case .digits(let digits)? = FactorCode(input.code.expose()),
                let step = TOTP.step(of: digits, secret: secret, at: now, after: nil)
            else { throw Problem.field("code", SecondFactorCheck.isWrong.message) }
            try await factors.confirm(account.id, step: step, at: now, in: tx)
            let ended = try await sessions.endAll(
                of: account.id, except: caller.session, because: .endedByOwner, at: now, in: tx)
            let fact = AccountFact(account: account.id, role: account.role)
            try await ledger.record(
                .secondFactorEnabled(fact), with: Event.ended(ended, of: account.id), from: call.origin, in: tx)
            return Item(try await newCodes(of: account.id, in: tx))
        }
    }

    package func disable(_ input: DisableSecondFactor, _ call: Call) async throws -> Done {
        let account = try await account(of: call)
        _ = try await passwords.prove(
            input.password, of: account, under: "password", until: call.deadline)
        try await check.begin(input.code, of: account.id)
        return try await unlessWrong(account, call) {
            try await unit.write(call) { tx in
                try await hold(account.id, in: tx)
                try await use(input.code, of: account, call, tx)
                _ = try await factors.remove(account.id, in: tx)
                try await passwords.attempts.forget(account.subject, in: tx)
                let fact = AccountFact(account: account.id, role: account.role)
                try await ledger.record(.secondFactorDisabled(fact), from: call.origin, in: tx)
                return Done()
            }
        }
    }

    package func renewCodes(_ input: RenewRecoveryCodes, _ call: Call) async throws -> Item<RecoveryCodesView> {
        let account = try await account(of: call)
        try await check.begin(input.code, of: account.id)
        return try await unlessWrong(account, call) {
            try await unit.write(call) { tx in
                try await hold(account.id, in: tx)
                try await use(input.code, of: account, call, tx)
                try await ledger.note(
                    "second_factor.recovery_codes_renewed", about: account.id, from: call.origin, in: tx)
                return Item(try await newCodes(of: account.id, in: tx))
            }
        }
    }
}

extension SecondFactor {
    private func account(of call: Call) async throws -> UserAccount {
        guard let account = try await accounts.find(try call.requireCaller().account) else {
            throw Problem.notAuthenticated
        }
        return account
    }

    /// Holds the account's row, of one that has a second factor.
    private func hold(_ account: ID<Account>, in tx: Transaction) async throws {
        guard try await accounts.lock(account, in: tx) != nil else { throw Problem.notAuthenticated }
        guard try await factors.secret(of: account, in: tx) != nil else {
            throw Problem.conflict("No second factor is set up.")
        }
    }

    private func use(_ code: Secret, of account: UserAccount, _ call: Call, _ tx: Transaction) async throws {
        guard try await check.use(code, of: account.id, from: call.origin, in: tx) else {
            throw SecondFactorCheck.isWrong
        }
    }

    /// Who is signed in has nothing to do with 401, which would make clients refresh their tokens: a code that is wrong
    /// or missing is reported as a wrong field.
    private func unlessWrong<Result>(
        _ account: UserAccount, _ call: Call, _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await check.whileRecording(account.id, from: call.origin, body) } catch let problem as Problem
            where [.otpInvalid, .otpRequired].contains(problem.code)
        { throw Problem.field("otp", problem.message) }
    }

    private func newCodes(of account: ID<Account>, in tx: Transaction) async throws -> RecoveryCodesView {
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode(random: Random.bytes(RecoveryCode.bytes)) }
        try await factors.replaceCodes(of: account, with: codes.map { Digest.sha256($0.canonical) }, in: tx)
        return RecoveryCodesView(codes: codes.map(\.shown))
    }

    private func view(
        of secret: [UInt8], for account: UserAccount, until end: Instant
    ) throws -> EnrolmentView {
        let text = Base32.encode(secret)
        let uri = AuthenticatorURI.text(issuer: issuer, username: account.username, secret: text)
        return EnrolmentView(secret: text, uri: uri, picture: try QRPicture.svg(of: uri), expiresAt: end)
    }
}
