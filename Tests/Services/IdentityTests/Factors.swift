import API
import Crypto
import Identity
import IdentityDomain
import JSON
import Kernel
import Testing
import Web

/// Somebody with an authenticator in the hand.
struct Holder: Sendable {
    let world: World
    let user: UserView
    let tokens: TokensView
    let secret: [UInt8]
    let codes: [String]

    var caller: Caller { get throws { try world.caller(tokens) } }

    /// What the authenticator shows now, or so many steps later.
    func code(_ later: Int64 = 0) -> String {
        TOTP.code(secret, step: FactorRules.step(at: world.clock.now) + later) ?? ""
    }
}

extension World {
    func enrol(
        as caller: Caller, password: String = strong, otp: String? = nil, key: String? = nil
    ) async throws -> EnrolmentView {
        var body: JSONValue = ["password": .string(password)]
        if let otp { body = ["password": .string(password), "otp": .string(otp)] }
        return try await composition.secondFactor.enrol(
            try EnrolSecondFactor(body), call(SecondFactorAPI.enrol.declaration, as: caller, key: key)
        ).view
    }

    func confirm(as caller: Caller, _ code: String, key: String? = nil) async throws -> [String] {
        try await composition.secondFactor.confirm(
            try ConfirmSecondFactor(["code": .string(code)]),
            call(SecondFactorAPI.confirm.declaration, as: caller, key: key)
        ).view.codes
    }

    func disable(as caller: Caller, _ code: String, password: String = strong) async throws {
        _ = try await composition.secondFactor.disable(
            try DisableSecondFactor(["password": .string(password), "otp": .string(code)]),
            call(SecondFactorAPI.disable.declaration, as: caller))
    }

    func renew(as caller: Caller, _ code: String) async throws -> [String] {
        try await composition.secondFactor.renewCodes(
            try RenewRecoveryCodes(["otp": .string(code)]), call(SecondFactorAPI.renewCodes.declaration, as: caller)
        ).view.codes
    }

    func state(of caller: Caller) async throws -> SecondFactorView {
        try await composition.secondFactor.show(NoInput(), call(SecondFactorAPI.state.declaration, as: caller)).view
    }

    func logIn(_ identifier: String, _ password: String = strong, otp: String) async throws -> SignedInView {
        try await composition.login.logIn(
            try LogIn(["email": .string(identifier), "password": .string(password), "otp": .string(otp)]),
            call(AccountsAPI.logIn.declaration)
        ).view
    }

    /// Registers somebody and sets up a second factor; the clock is half a minute further then.
    func holder(_ email: String, username: String? = nil) async throws -> Holder {
        let account = try await register(email, username: username)
        let caller = try caller(account.tokens)
        let secret = try #require(Base32.decoded(try await enrol(as: caller).secret))
        let holder = Holder(world: self, user: account.user, tokens: account.tokens, secret: secret, codes: [])
        let codes = try await confirm(as: caller, holder.code())
        clock.pass(.seconds(30))
        return Holder(world: self, user: account.user, tokens: account.tokens, secret: secret, codes: codes)
    }
}

extension Base32 {
    /// As an authenticator reads it.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = [], pending: UInt32 = 0, count = 0
        for letter in text.utf8 {
            guard let index = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8).firstIndex(of: letter) else { return nil }
            pending = pending << 5 | UInt32(index)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(count)))
            }
        }
        return bytes
    }
}
