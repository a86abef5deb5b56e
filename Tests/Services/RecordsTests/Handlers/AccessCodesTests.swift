import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import Testing

struct AccessCodesTests {
    private static let phone = "+12125550123"

    @Test func `a code opens a patient's records for half an hour, once`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            let opened = try await world.verify(code)
            #expect(opened["patient_id"]?.string == world.adasRecord.description)
            #expect(try await world.open(.readSummary, world.adasRecord, as: world.emily).basis == .otpGrant)
            #expect(await world.refusal(code) == .otpInvalid)
            #expect(try await world.granted(to: world.emily) == [world.adasRecord])
            #expect(try await world.events() == ["records.access_code_requested.v1", "records.access_granted.v1"])
            #expect(try await world.wrong("doctor/\(world.emily.account)") == 0)
        }
    }

    @Test func `a phone nobody has is told the same and nothing is sent`() async throws {
        try await withCodes { world async throws in
            for phone in [Self.phone, "+19999999999"] {
                let answer = try await world.ask(
                    "generateAccessCode", as: world.emily, ["phone_number": .string(phone)])
                #expect(answer.status == 200 && answer.json == .null)
            }
            #expect(try await world.events() == ["records.access_code_requested.v1"])
        }
    }

    @Test func `the newest code alone counts`() async throws {
        try await withCodes { world async throws in
            let first = try await world.ask()
            let second = try await world.ask()
            #expect(await world.refusal(first) == .otpInvalid)
            #expect(try await world.verify(second).status == 200)
        }
    }

    @Test func `a code is another doctor's as little as another patient's`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            #expect(await world.refusal(code, as: world.raj) == .otpInvalid)
            #expect(
                await world.refusal(code, about: ["patient_id": .string(world.evesRecord.description)]) == .otpInvalid)
            #expect(await world.refusal(code, about: ["phone_number": "+19999999999"]) == .otpInvalid)
        }
    }

    @Test func `five wrong tries void a code`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            let wrong = code == "000000" ? "000001" : "000000"
            for _ in 0..<5 { #expect(await world.refusal(wrong) == .otpInvalid) }
            #expect(await world.refusal(code) == .otpInvalid)
        }
    }

    @Test func `forty wrong tries at once void it, and no more than twenty are counted in a day`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            let wrong = code == "000000" ? "000001" : "000000"
            let refusals: [Problem.Code?] = await withTaskGroup(of: Problem.Code?.self) { tasks in
                for _ in 0..<40 { tasks.addTask { await world.refusal(wrong) } }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(refusals.filter { $0 == .otpInvalid }.count == 20)
            #expect(refusals.filter { $0 == .rateLimited }.count == 20)
            #expect(await world.refusal(code) == .rateLimited)
            world.clock.pass(.seconds(86_401))
            let next = try await world.ask()
            #expect(try await world.verify(next).status == 200)
        }
    }

    @Test func `twenty right tries at once make one grant`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            let statuses: [Int?] = await withTaskGroup(of: Int?.self) { tasks in
                for _ in 0..<20 { tasks.addTask { try? await world.verify(code).status } }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            let grants = try await world.database.read(Column<Int>("count(*)"), as: .service) {
                "select \($0) from access_grant"
            }
            #expect(grants == [1])
        }
    }

    @Test func `a code ends after ten minutes`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            world.clock.pass(.seconds(600))
            #expect(await world.refusal(code) == .otpInvalid)
        }
    }

    @Test func `the fourth asking in a quarter of an hour is refused, of a doctor and about a patient`() async throws {
        try await withCodes { world async throws in
            for _ in 0..<3 { _ = try await world.ask() }
            #expect(await world.askRefusal(as: world.emily, phone: "+19999999999") == .rateLimited)
            #expect(await world.askRefusal(as: world.raj, phone: Self.phone) == .rateLimited)
            world.clock.pass(.seconds(900))
            #expect(await world.askRefusal(as: world.raj, phone: Self.phone) == nil)
        }
    }

    @Test func `several patients with one phone have to be told apart`() async throws {
        try await withCodes { world async throws in
            world.people.state.withLock { $0.phones[Self.phone] = [world.adasRecord, world.evesRecord] }
            let code = try await world.ask()
            #expect(try await world.events() == ["records.access_code_requested.v1"])
            #expect(await world.refusal(code) == .patientAmbiguous)
            let about: JSONValue = [
                "phone_number": .string(Self.phone), "patient_id": .string(world.evesRecord.description),
                "otp": .string(code),
            ]
            let opened = try await world.ask("verifyAccessCode", as: world.emily, about)
            #expect(opened["patient_id"]?.string == world.evesRecord.description)
            #expect(try await world.granted(to: world.emily) == [world.evesRecord])
        }
    }

    @Test func `a code stands in no table and in no event`() async throws {
        try await withCodes { world async throws in
            let code = try await world.ask()
            let texts = try await world.database.read(Column<String>("o.envelope")) {
                "select \($0) from outbox o"
            }
            #expect(texts.count == 1 && texts.allSatisfy { !$0.contains(code) })
            let hashes = try await world.database.read(Column<[UInt8]>("code_hash"), as: .service) {
                "select \($0) from access_code"
            }
            #expect(hashes.first?.count == 32)
        }
    }

    private func withCodes(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await withWorld { world async throws in
            world.people.state.withLock { $0.phones[Self.phone] = [world.adasRecord] }
            try await body(world)
        }
    }
}

extension World {
    /// Asks for a code and reads it as its text message would carry it.
    func ask() async throws -> String {
        _ = try await ask("generateAccessCode", as: emily, ["phone_number": "+12125550123"])
        let id = try await database.read(Column<ID<AccessCode>>("code_id"), as: .service) {
            "select \($0) from access_code where doctor_account = \(emily.account) limit 1"
        }.one
        return try await minted(id)
    }

    func minted(_ id: ID<AccessCode>) async throws -> String {
        let heard = try await ask("mintAccessCode", as: emily, path: ["id": id.description])
        return heard["code"]?.string ?? ""
    }

    func verify(_ code: String, as doctor: Caller? = nil) async throws -> Heard {
        try await ask(
            "verifyAccessCode", as: doctor ?? emily, ["phone_number": "+12125550123", "otp": .string(code)])
    }

    func refusal(
        _ code: String, as doctor: Caller? = nil, about: JSONValue = ["phone_number": "+12125550123"]
    ) async -> Problem.Code? {
        var members = about.object ?? []
        members.append(.init(key: "otp", value: .string(code)))
        do { _ = try await ask("verifyAccessCode", as: doctor ?? emily, .object(members)) } catch {
            return (error as? Problem)?.code
        }
        return nil
    }

    func askRefusal(as doctor: Caller, phone: String) async -> Problem.Code? {
        do { _ = try await ask("generateAccessCode", as: doctor, ["phone_number": .string(phone)]) } catch {
            return (error as? Problem)?.code
        }
        return nil
    }

    func wrong(_ who: String) async throws -> Int? {
        try await database.read(Column<Int>("wrong"), as: .service) {
            "select \($0) from access_code_wrong where who = \(who)"
        }.first
    }
}
