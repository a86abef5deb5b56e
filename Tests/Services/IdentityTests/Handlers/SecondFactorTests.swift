import API
import Forms
import HTTP
import Identity
import IdentityDomain
import JSON
import Kernel
import Postgres
import Testing
import Web

struct SecondFactorTests {
    @Test func `it is set up by scanning and by one code, and is told with ten codes for bad days`() async throws {
        try await withIdentity { world in
            let tokens = try await world.register("set.up@example.com", username: "setup").tokens
            let caller = try world.caller(tokens)
            let before = try await world.state(of: caller)
            #expect(before.confirmedAt == nil && before.codesLeft == 0 && !before.isRequired)
            let enrolment = try await world.enrol(as: caller)
            #expect(enrolment.secret.count == 32)
            #expect(enrolment.uri.hasPrefix("otpauth://totp/Praxis:setup?secret=\(enrolment.secret)&issuer=Praxis"))
            #expect(enrolment.picture.contains("<path"))
            #expect(enrolment.expiresAt == world.clock.now + .seconds(900))
            let secret = try #require(Base32.decoded(enrolment.secret))
            let code = try #require(TOTP.code(secret, step: FactorRules.step(at: world.clock.now)))
            let codes = try await world.confirm(as: caller, code)
            #expect(codes.count == 10 && Set(codes).count == 10)
            let after = try await world.state(of: caller)
            #expect(after.confirmedAt == world.clock.now && after.codesLeft == 10)
            #expect(try await world.events().last == "identity.second_factor_enabled.v1")
            #expect(try await world.actions().suffix(2) == ["second_factor.enrolled", "second_factor.confirmed"])
        }
    }

    @Test func `until it is confirmed it asks nobody for anything`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("half@example.com").tokens)
            _ = try await world.enrol(as: caller)
            _ = try await world.logIn("half@example.com")
            let wrong = await #expect(throws: Problem.self) { try await world.confirm(as: caller, "000000") }
            #expect(wrong?.errors.map(\.field) == ["code"])
            _ = try await world.logIn("half@example.com")
        }
    }

    @Test func `a stolen session sets up nothing: the password is asked for`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("stolen@example.com").tokens)
            let refused = await #expect(throws: Problem.self) {
                try await world.enrol(as: caller, password: "Not-My-Pass-1")
            }
            #expect(refused?.errors.map(\.field) == ["password"])
            #expect(try await world.count("second_factor_enrolment") == 0)
        }
    }

    @Test func `enrolling again replaces what waited, and it waits a quarter of an hour`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("again@example.com").tokens)
            let first = try #require(Base32.decoded(try await world.enrol(as: caller).secret))
            let second = try #require(Base32.decoded(try await world.enrol(as: caller).secret))
            let step = FactorRules.step(at: world.clock.now)
            await #expect(throws: Problem.self) {
                try await world.confirm(as: caller, TOTP.code(first, step: step) ?? "")
            }
            world.clock.pass(.seconds(900))
            let late = await #expect(throws: Problem.self) {
                try await world.confirm(as: caller, TOTP.code(second, step: step + 30) ?? "")
            }
            #expect(late?.code == .conflict)
            await world.composition.housekeeping.once()
            #expect(try await world.count("second_factor_enrolment") == 0)
        }
    }

    @Test func `setting it up ends the other sessions, where the password alone may have let somebody in`() async throws
    {
        try await withIdentity { world in
            let here = try await world.register("ends@example.com").tokens
            let there = try await world.logIn("ends@example.com").tokens
            let caller = try world.caller(here)
            let secret = try #require(Base32.decoded(try await world.enrol(as: caller).secret))
            _ = try await world.confirm(
                as: caller, TOTP.code(secret, step: FactorRules.step(at: world.clock.now)) ?? "")
            #expect(try await world.revoked() == [try world.caller(there).session])
            _ = try await world.refresh(here.refresh)
        }
    }

    @Test func `a lost answer is told again under its key, with the same codes`() async throws {
        try await withIdentity { world in
            let caller = try world.caller(try await world.register("lost@example.com").tokens)
            let secret = try #require(Base32.decoded(try await world.enrol(as: caller).secret))
            let code = TOTP.code(secret, step: FactorRules.step(at: world.clock.now)) ?? ""
            let codes = try await world.confirm(as: caller, code, key: "confirm-1")
            let replay = await #expect(throws: Replay.self) {
                try await world.confirm(as: caller, code, key: "confirm-1")
            }
            guard case .bytes(let body)? = replay?.response.body else {
                Issue.record("no body")
                return
            }
            #expect(String(decoding: body, as: UTF8.self).contains(codes[0]))
        }
    }

    @Test func `it moves to another authenticator with a code of the one before`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("moves@example.com")
            let caller = try holder.caller
            for code in [nil, "000000"] {
                let refused = await #expect(throws: Problem.self) { try await world.enrol(as: caller, otp: code) }
                #expect(refused?.errors.map(\.field) == ["otp"])
            }
            let next = try #require(Base32.decoded(try await world.enrol(as: caller, otp: holder.code()).secret))
            // The one before stays until the next is confirmed.
            _ = try await world.logIn("moves@example.com", otp: holder.code(1))
            world.clock.pass(.seconds(60))
            let code = TOTP.code(next, step: FactorRules.step(at: world.clock.now)) ?? ""
            _ = try await world.confirm(as: caller, code)
            world.clock.pass(.seconds(60))
            await #expect(throws: Problem.self) { try await world.logIn("moves@example.com", otp: holder.code()) }
            await #expect(throws: Problem.self) { try await world.logIn("moves@example.com", otp: holder.codes[0]) }
            _ = try await world.logIn(
                "moves@example.com", otp: TOTP.code(next, step: FactorRules.step(at: world.clock.now)) ?? "")
        }
    }

    @Test func `it is removed with both factors and with neither alone`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("removes@example.com")
            let caller = try holder.caller
            let noPassword = await #expect(throws: Problem.self) {
                try await world.disable(as: caller, holder.code(), password: "Not-My-Pass-1")
            }
            #expect(noPassword?.errors.map(\.field) == ["password"])
            let noCode = await #expect(throws: Problem.self) { try await world.disable(as: caller, "000000") }
            #expect(noCode?.errors.map(\.field) == ["otp"])
            try await world.disable(as: caller, holder.codes[3])
            #expect(try await world.events().last == "identity.second_factor_disabled.v1")
            #expect(try await world.count("second_factor") + world.count("recovery_code") == 0)
            _ = try await world.logIn("removes@example.com")
            let twice = await #expect(throws: Problem.self) { try await world.disable(as: caller, holder.code()) }
            #expect(twice?.code == .conflict)
        }
    }

    @Test func `new recovery codes make the old ones worthless`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("renews@example.com")
            let codes = try await world.renew(as: try holder.caller, holder.code())
            #expect(Set(codes).isDisjoint(with: holder.codes) && codes.count == 10)
            await #expect(throws: Problem.self) { try await world.logIn("renews@example.com", otp: holder.codes[0]) }
            _ = try await world.logIn("renews@example.com", otp: codes[0])
            #expect(try await world.state(of: try holder.caller).codesLeft == 9)
        }
    }

    @Test func `neither secret nor codes lie readable in the tables`() async throws {
        try await withIdentity { world in
            let holder = try await world.holder("sealed@example.com")
            let sealed = try await world.database.read(Column<[UInt8]>("sealed_secret")) {
                "select \($0) from second_factor"
            }.one
            #expect(sealed.count > holder.secret.count && !sealed.contains(holder.secret))
            let hashes = try await world.database.read(Column<[UInt8]>("code_hash")) {
                "select \($0) from recovery_code"
            }
            #expect(hashes.allSatisfy { $0.count == 32 } && hashes.count == 10)
        }
    }

    @Test func `an operator takes it away from who has lost everything, and it is told`() async throws {
        try await withIdentity { world in
            _ = try await world.holder("loses@example.com", username: "loses_all")
            let command = try #require(Command(["reset-second-factor", "Loses_All"]))
            let operators = world.composition.operators
            #expect(try await command.run(operators) { nil }.map(\.outcome) == [.factorReset])
            #expect(try await world.actions().last == "second_factor.reset_by_operator")
            #expect(try await world.events().last == "identity.second_factor_disabled.v1")
            _ = try await world.logIn("loses_all")
            #expect(try await command.run(operators) { nil }.map(\.outcome) == [.hadNoFactor])
            let nobody = try #require(Command(["reset-second-factor", "nobody"]))
            await #expect(throws: Problem.self) { try await nobody.run(operators) { nil } }
        }
    }
}
