import API
import Identity
import JSON
import Kernel
import Postgres
import Testing
import Web

extension World {
    func askForCode(_ caller: Caller) async throws {
        _ = try await composition.phoneVerification.request(
            NoInput(), call(PhoneVerificationAPI.request.declaration, as: caller))
    }

    func mint(_ account: ID<Account>) async throws -> PhoneCodeView {
        try await composition.phoneVerification.mintCode(
            ByID(account), call(PhoneVerificationAPI.mintCode.declaration)
        ).view
    }

    func prove(_ code: String?, _ caller: Caller, key: String? = nil) async throws -> VerifiedPhoneView {
        try await composition.phoneVerification.verify(
            try PhoneCode(["code": .string(code ?? "")]),
            call(PhoneVerificationAPI.verify.declaration, as: caller, key: key)
        ).view
    }

    /// Another code of the same length.
    func wrong(_ code: String?) -> String {
        let digits = Array((code ?? "000000").utf8)
        return String(decoding: digits.map { $0 == 57 ? 48 : $0 + 1 }, as: UTF8.self)
    }
}

private let wrongCode = Problem.field("code", "This code is wrong or has expired.")
private let voidCode = Problem.field("code", "This code was tried too often. Please ask for a new one.")
private let isProven = Problem.conflict("This phone number is already verified.")

struct PhoneVerificationTests {
    @Test func `asked for, made for the message, typed: the phone is proven, once and told once`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            try await world.askForCode(caller)
            #expect(try await world.events().last == "identity.phone_code_requested.v1")
            let minted = try await world.mint(account)
            #expect(minted.phone == "+1234567890" && minted.minutes == 10)
            let code = try #require(minted.code)
            #expect(code.utf8.count == 6 && code.utf8.allSatisfy { (48...57).contains($0) })
            let view = try await world.prove(code, caller)
            #expect(view.phone == "+1234567890")
            let logged = try await world.logInPatient("jane@example.com").patient
            #expect(logged.patient == view.patient && logged.isPhoneVerified)
            #expect(try await world.events().filter { $0 == "identity.phone_verified.v1" }.count == 1)
            #expect(
                try await world.actions().filter { $0.hasPrefix("account.phone") } == [
                    "account.phone_code_asked", "account.phone_verified",
                ])
            await #expect(throws: isProven) { try await world.prove(code, caller) }
            await #expect(throws: isProven) { try await world.askForCode(caller) }
            #expect(try await world.mint(account).code == nil)
        }
    }

    @Test func `five wrong tries void a code, and a new one works`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let code = try await world.mint(account).code
            for _ in 0..<5 {
                await #expect(throws: wrongCode) { try await world.prove(world.wrong(code), caller) }
            }
            await #expect(throws: voidCode) { try await world.prove(code, caller) }
            #expect(try await world.actions().filter { $0 == "account.phone_code_refused" }.count == 6)
            let fresh = try await world.mint(account).code
            #expect(try await world.prove(fresh, caller).phone == "+1234567890")
        }
    }

    @Test func `twenty tries a day are all, however many codes are asked for`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            for _ in 0..<4 {
                let code = try await world.mint(account).code
                for _ in 0..<5 {
                    await #expect(throws: wrongCode) { try await world.prove(world.wrong(code), caller) }
                }
            }
            let code = try await world.mint(account).code
            let refusal = await #expect(throws: Problem.self) { try await world.prove(code, caller) }
            #expect(refusal?.code == .rateLimited && refusal?.retryAfter == 86_400)
            world.clock.pass(.seconds(86_399))
            let later = try await world.mint(account).code
            await #expect(throws: Problem.self) { try await world.prove(later, caller) }
            world.clock.pass(.seconds(1))
            #expect(try await world.prove(later, caller).phone == "+1234567890")
        }
    }

    @Test func `a code lives ten minutes`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let code = try await world.mint(account).code
            world.clock.pass(.seconds(600))
            await #expect(throws: wrongCode) { try await world.prove(code, caller) }
            let next = try await world.mint(account).code
            world.clock.pass(.seconds(599))
            #expect(try await world.prove(next, caller).phone == "+1234567890")
        }
    }

    @Test func `made twice for one message, the last code works and the first does not`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let (first, last) = (try await world.mint(account).code, try await world.mint(account).code)
            if first != last { await #expect(throws: wrongCode) { try await world.prove(first, caller) } }
            #expect(try await world.prove(last, caller).phone == "+1234567890")
        }
    }

    @Test func `of fifty who type one code at once, one is told yes`() async throws {
        try await withIdentity(loops: 2) { world in
            let (account, caller) = try await world.patient()
            let code = try await world.mint(account).code
            let outcomes = await parallel(50) { _ in try await world.prove(code, caller) }
            #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
            #expect(try await world.events().filter { $0 == "identity.phone_verified.v1" }.count == 1)
        }
    }

    @Test func `fifty wrong ones at once are five tries, not fifty`() async throws {
        try await withIdentity(loops: 2) { world in
            let (account, caller) = try await world.patient()
            let code = try await world.mint(account).code
            let outcomes = await parallel(50) { _ in try await world.prove(world.wrong(code), caller) }
            let refusals = outcomes.compactMap { outcome in
                if case .failure(let error) = outcome { error as? Problem } else { nil }
            }
            #expect(refusals.filter { $0 == wrongCode }.count == 5 && refusals.filter { $0 == voidCode }.count == 45)
        }
    }

    @Test func `another's code proves nothing, and whoever has no phone is told so`() async throws {
        try await withIdentity { world in
            let (_, jane) = try await world.patient()
            let (other, _) = try await world.patient("else@example.com", phone: "+4930123456")
            let code = try await world.mint(other).code
            await #expect(throws: wrongCode) { try await world.prove(code, jane) }
            let (none, caller) = try await world.patient("none@example.com", phone: nil)
            let refusal = Problem.conflict("This account has no phone number to verify.")
            await #expect(throws: refusal) { try await world.askForCode(caller) }
            await #expect(throws: refusal) { try await world.prove("123456", caller) }
            await #expect(throws: Problem.notFound) { try await world.mint(none) }
        }
    }

    @Test func `an account that waits or was switched off gets no code`() async throws {
        try await withIdentity { world in
            let waiting = try await world.open("jane@example.com", .patient)
            await #expect(throws: Problem.notFound) { try await world.mint(waiting) }
            let (account, _) = try await world.patient()
            try await world.database.run("update account set is_active = false where account_id = \(account)")
            await #expect(throws: Problem.notFound) { try await world.mint(account) }
        }
    }

    @Test func `the same key gets the first answer, and no table holds a code`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let code = try #require(try await world.mint(account).code)
            let row = try await world.database.read(Column<String>("p::text")) { "select \($0) from phone_code p" }.one
            #expect(!row.contains(code))
            _ = try await world.prove(code, caller, key: "key-1")
            await #expect(throws: Replay.self) { try await world.prove(code, caller, key: "key-1") }
        }
    }

    @Test func `codes are forgotten a day after they expired`() async throws {
        try await withIdentity { world in
            let (account, _) = try await world.patient()
            _ = try await world.mint(account)
            world.clock.pass(.seconds(86_400 + 600))
            await world.composition.housekeeping.once()
            #expect(try await world.count("phone_code") == 1)
            world.clock.pass(.seconds(1))
            await world.composition.housekeeping.once()
            #expect(try await world.count("phone_code") == 0)
        }
    }
}
