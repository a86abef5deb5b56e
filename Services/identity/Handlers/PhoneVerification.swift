package import API
import Chassis
import Crypto
import Events
import IdentityDomain
package import Kernel
import Postgres
package import Web

/// Proving a phone: a short code that works once, known to nobody but the text message it is in.
package struct PhoneVerification: Sendable {
    let accounts: AccountStore
    let codes: PhoneCodeStore
    let rules: PhoneCodeRules
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// The code itself is made while the message is written, so that no event ever holds one.
    package func request(_: NoInput, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let phone = try await accounts.phone(of: caller.account, in: tx) else { throw Self.noPhone }
            if phone.isProven { throw Self.isProven }
            try await ledger.record(
                .phoneCodeRequested(AccountFact(account: caller.account, role: caller.role)), from: call.origin, in: tx)
            return Done()
        }
    }

    /// A message that is written again has another code, and only that one works.
    package func mintCode(_ input: ByID<Account>, _ call: Call) async throws -> Item<PhoneCodeView> {
        guard let phone = try await accounts.phone(of: input.id) else { throw Problem.notFound }
        let minutes = Int(rules.life.components.seconds / 60)
        if phone.isProven { return Item(PhoneCodeView(phone: phone.number.text, code: nil, minutes: minutes)) }
        let (code, now) = (OneTimeCode.make(digits: rules.digits), clock.now)
        try await codes.keep(code, of: input.id, until: now + rules.life, at: now)
        return Item(PhoneCodeView(phone: phone.number.text, code: code.expose(), minutes: minutes))
    }

    /// The try is counted first, and stays counted when it is refused.
    package func verify(_ input: PhoneCode, _ call: Call) async throws -> Item<VerifiedPhoneView> {
        let account = try call.requireCaller().account
        guard let phone = try await accounts.phone(of: account) else { throw Self.noPhone }
        let trial = phone.isProven ? nil : try await codes.compare(input.code, of: account, at: clock.now)
        do {
            // Refused as a write, so that a repeated request under its key still gets its first answer.
            return try await unit.write(call) { tx in
                guard let trial else { throw Self.isProven }
                if let refusal = Self.refusal(trial) { throw refusal }
                guard try await codes.redeem(input.code, of: account, at: clock.now, in: tx) else { throw Self.isWrong }
                try await note(account, call, tx)
                return Item(VerifiedPhoneView(patient: phone.registrant, phone: phone.number.text))
            }
        } catch let problem as Problem where problem.code == .validationFailed || problem.code == .rateLimited {
            try await database.transaction { tx in
                try await ledger.note("account.phone_code_refused", about: account, from: call.origin, in: tx)
            }
            throw problem
        }
    }

    private func note(_ account: ID<Account>, _ call: Call, _ tx: Transaction) async throws {
        let fact = AccountFact(account: account, role: .patient)
        try await ledger.record(.phoneVerified(fact), from: call.origin, in: tx)
    }

    private static func refusal(_ trial: PhoneCodeStore.Trial) -> Problem? {
        switch trial {
        case .matches: nil
        case .differs, .noCode: isWrong
        case .void: .field("code", "This code was tried too often. Please ask for a new one.")
        case .tooMany(let wait):
            Problem(
                .rateLimited, "Too many wrong codes. Please try again later.", retryAfter: wait.secondsRoundedUp)
        }
    }

    private static let isWrong = Problem.field("code", "This code is wrong or has expired.")
    private static let isProven = Problem.conflict("This phone number is already verified.")
    private static let noPhone = Problem.conflict("This account has no phone number to verify.")
}
