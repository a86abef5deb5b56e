import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import Testing

struct GrantsTests {
    @Test func `a patient sees who may read, and ends it at once`() async throws {
        try await withWorld { world async throws in
            let grant = try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            let path = ["id": world.adasRecord.description]
            let list = try await world.ask("listGrants", as: world.ada, path: path)
            let shown = try #require(list.json.array?.first)
            #expect(shown["doctor_name"]?.string == "Dr. Emily Chen" && shown["is_active"]?.bool == true)
            #expect(shown["by"]?.string == "otp" && shown["id"]?.string == grant.description)
            let revoke = path.merging(["grant_id": grant.description]) { $1 }
            _ = try await world.ask("revokeGrant", as: world.ada, path: revoke)
            #expect(await world.refusal(.readReports, world.adasRecord, as: world.emily) == .accessRequired)
            #expect(try await world.granted(to: world.emily).isEmpty)
            _ = try await world.ask("revokeGrant", as: world.ada, path: revoke)
            #expect(try await world.events() == ["records.access_revoked.v1"])
        }
    }

    @Test func `another patient's grant is not there`() async throws {
        try await withWorld { world async throws in
            let grant = try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            for patient in [world.adasRecord, world.evesRecord] {
                await #expect(throws: Problem.notFound) {
                    _ = try await world.ask(
                        "revokeGrant", as: world.eve,
                        path: ["id": patient.description, "grant_id": grant.description])
                }
            }
            #expect(try await world.granted(to: world.emily) == [world.adasRecord])
        }
    }

    @Test func `broken glass has a reason, is told, and reviewed by the hospital`() async throws {
        try await withWorld { world async throws in
            let opened = try await world.breakGlass()
            #expect(opened.status == 201 && opened["access_expires_at"]?.string != nil)
            #expect(try await world.events() == ["records.glass_broken.v1"])
            #expect(try await world.open(.readSummary, world.adasRecord, as: world.emily).basis == .breakGlass)
            let waiting = try await world.ask(
                "listBrokenGlass", as: world.hospital, query: [(name: "reviewed", value: "false")])
            let grant = try #require(waiting.json.array?.first)
            #expect(grant["reason"]?.string == "Found unconscious" && grant["verdict"]?.string == nil)
            let id = try #require(grant["id"]?.string)
            let review = try await world.ask(
                "reviewGrant", as: world.hospital, ["verdict": "justified", "note": "Night shift"], path: ["id": id])
            #expect(review["verdict"]?.string == "justified" && review["note"]?.string == "Night shift")
            #expect(review["reason"]?.string == "Found unconscious")
            let left = try await world.ask(
                "listBrokenGlass", as: world.hospital, query: [(name: "reviewed", value: "false")])
            #expect(left.json.array?.isEmpty == true)
            let other = World.caller(40, .hospital, at: 200)
            #expect(try await world.ask("listBrokenGlass", as: other).json.array?.isEmpty == true)
            await #expect(throws: Problem.notFound) {
                _ = try await world.ask("reviewGrant", as: other, ["verdict": "justified"], path: ["id": id])
            }
        }
    }

    @Test func `the patient reads in the access log who broke the glass, and why`() async throws {
        try await withWorld { world async throws in
            _ = try await world.breakGlass()
            world.clock.pass(.seconds(1))
            _ = try await world.open(.readReports, world.adasRecord, as: world.emily)
            let log = try await world.ask(
                "listAccessRows", as: world.ada, path: ["id": world.adasRecord.description])
            let rows = log.json.array ?? []
            #expect(rows.compactMap { $0["action"]?.string } == ["reports_read", "break_glass_opened"])
            #expect(rows.allSatisfy { $0["by"]?.string == "break_glass" && $0["is_allowed"]?.bool == true })
            #expect(rows.allSatisfy { $0["reason"]?.string == "Found unconscious" })
            #expect(rows.allSatisfy { $0["actor_name"]?.string == "Dr. Emily Chen" })
        }
    }

    @Test func `a doctor who belongs to no hospital has a name as well, and registry is not asked for an entry`()
        async throws
    {
        try await withWorld { world async throws in
            let before = world.people.state.withLock { $0.asked }
            _ = try await world.breakGlass(as: world.bob)
            // Whose record it is.
            #expect(world.people.state.withLock { $0.asked } == before + 1)
            let path = ["id": world.adasRecord.description]
            let log = try await world.ask("listAccessRows", as: world.ada, path: path)
            #expect(log.json.array?.map { $0["actor_name"]?.string } == ["Dr. Bob Gray"])
            let grants = try await world.ask("listGrants", as: world.ada, path: path)
            let grant = try #require(grants.json.array?.first)
            #expect(grant["doctor_name"]?.string == "Dr. Bob Gray" && grant["doctor_id"] == .null)
            let id = try #require(grant["id"]?.string)
            let message = try await world.ask("grantMessage", path: ["id": id])
            #expect(message["doctor_name"]?.string == "Dr. Bob Gray")
        }
    }

    @Test func `a patient nobody knows is not found, for broken glass alone`() async throws {
        try await withWorld { world async throws in
            await #expect(throws: Problem.notFound) { _ = try await world.breakGlass(of: world.noRecord) }
        }
    }

    @Test func `an account with a second factor is asked for its code`() async throws {
        try await withWorld { world async throws in
            world.people.state.withLock { $0.factors[world.emily.account] = "123456" }
            await #expect(throws: Problem(.otpRequired, "A one-time code is required.")) {
                _ = try await world.breakGlass()
            }
            await #expect(throws: Problem(.otpInvalid, "The one-time code is not valid.")) {
                _ = try await world.breakGlass(code: "000000")
            }
            #expect(try await world.breakGlass(code: "123456").status == 201)
        }
    }

    @Test func `the third broken glass of a day is an alarm in the trail`() async throws {
        try await withWorld { world async throws in
            for _ in 0..<3 {
                world.clock.pass(.seconds(1))
                _ = try await world.breakGlass()
            }
            let actions = try await world.database.read(Column<String>("action")) {
                "select \($0) from audit_entry order by entry_id"
            }
            #expect(actions.filter { $0 == "break_glass_opened" }.count == 3)
            #expect(actions.filter { $0 == "break_glass_alarm" }.count == 1)
        }
    }
}

extension World {
    func breakGlass(
        of patient: ID<Patient>? = nil, as doctor: Caller? = nil, code: String? = nil
    ) async throws -> Heard {
        try await ask(
            "breakGlass", as: doctor ?? emily,
            ["reason": "Found unconscious", "otp": code.map { .string($0) } ?? .null],
            path: ["id": (patient ?? adasRecord).description])
    }
}
