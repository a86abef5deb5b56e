import API
import Events
import JSON
import Kernel
import Postgres
import Registry
import Testing

extension World {
    /// The documented registration with other values.
    static func hospital(_ changes: [String: JSONValue] = [:]) throws -> JSONValue {
        let members = try example(RegisterHospital.self).object ?? []
        let known = members.map { JSONMember(key: $0.key, value: changes[$0.key] ?? $0.value) }
        return .object(known.filter { $0.value != .null })
    }

    func registerHospital(_ changes: [String: JSONValue] = [:]) async throws -> Heard {
        try await ask("registerHospital", try World.hospital(changes), anonymous: true)
    }

    /// One that works here, and its account as a caller.
    func approvedHospital(_ number: Int = 1, _ changes: [String: JSONValue] = [:]) async throws -> (
        id: String, caller: Caller
    ) {
        let unique: [String: JSONValue] = [
            "username": .string("hospital_\(number)"), "email": .string("office@hospital\(number).example"),
            "license_number": .string("HOSP-\(number)"),
        ]
        let made = try await registerHospital(unique.merging(changes) { $1 })
        let account = try #require(accounts.seen.opened.last)
        _ = try await ask("approveHospital", as: admin, id: made.id)
        let tenant = try #require(ID<Tenant>(made.id))
        return (
            made.id, Caller(account: account, role: .hospital, tenant: tenant, session: ID(high: 0xB, low: 0xD))
        )
    }

    func hospitalFaults(_ changes: [String: JSONValue]) async throws -> [String: [String]] {
        do {
            _ = try await registerHospital(changes)
            return [:]
        } catch let problem as Problem {
            return Dictionary(uniqueKeysWithValues: problem.errors.map { ($0.field, $0.messages) })
        }
    }

    static func refusal(_ body: () async throws -> Void) async -> Problem.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }
}

@Suite struct HospitalsTests {
    @Test func `the documented example registers a hospital, which waits`() async throws {
        try await withWorld { w in
            let made = try await w.registerHospital()
            #expect(made.status == 201 && made["hospital_id"]?.string == made.id && made["status"] == "pending")
            #expect(made["is_approved"] == false && made["is_active"] == false && made["name"] == "City Hospital")
            #expect(made["prescribing_policy"] == "warn" && made["timezone"] == "America/New_York")
            #expect(made.location == "/api/hospitals/\(made.id)")
            let pending = try #require(w.accounts.seen.pending.first)
            #expect(pending.role == .hospital && pending.username == .chosen("city_hospital"))
            #expect(pending.hospital?.description == made.id && pending.registrant.description == made.id)
            #expect(w.accounts.seen.confirmed == w.accounts.seen.opened)
            let known = try await w.ask("registration", id: w.accounts.seen.opened[0].description)
            #expect(known["registrant_id"]?.string == made.id)
            #expect(try await w.events() == ["registry.hospital_registered.v1"])
            let told = try await w.told()
            #expect(!told.contains("City") && !told.contains("example"))
        }
    }

    @Test func `a zone is UTC unless it is named`() async throws {
        try await withWorld { w in
            let made = try await w.registerHospital(["timezone": .null])
            #expect(made["timezone"] == "UTC")
        }
    }

    @Test func `all that is wrong and all that is taken is told at once`() async throws {
        try await withWorld { w in
            _ = try await w.registerHospital()
            let faults = try await w.hospitalFaults([
                "password": "short", "latitude": .double(90.5), "longitude": "east",
            ])
            #expect(
                Set(faults.keys) == [
                    "username", "email", "license_number", "password", "confirm_password", "latitude", "longitude",
                ])
            #expect(faults["username"] == ["A user with that username already exists."])
            #expect(faults["license_number"] == ["A hospital with this license number already exists."])
            let other = try await w.hospitalFaults([
                "username": "other_hospital", "email": "other@example.com", "license_number": "hosp-2026-001",
                "timezone": "Mars/Olympus",
            ])
            #expect(Set(other.keys) == ["license_number", "timezone"])
            let zone = try await w.hospitalFaults([
                "username": "other_hospital", "email": "other@example.com", "license_number": "HOSP-2",
                "timezone": "Mars/Olympus",
            ])
            #expect(zone == ["timezone": [Timezone.hint]])
            let beside = try await w.hospitalFaults([
                "username": "other_hospital", "email": "other@example.com", "license_number": "HOSP-2",
                "timezone": "Mars/Olympus", "latitude": .double(91),
            ])
            #expect(Set(beside.keys) == ["timezone", "latitude"])
            #expect(w.accounts.seen.opened.count == 1)
        }
    }

    @Test func `who is not approved is found by administrators and itself alone`() async throws {
        try await withWorld { w in
            let made = try await w.registerHospital()
            let account = try #require(w.accounts.seen.opened.first)
            let tenant = try #require(ID<Tenant>(made.id))
            let own = Caller(account: account, role: .hospital, tenant: tenant, session: ID(high: 0xB, low: 1))
            #expect(try await w.ask("getHospital", as: w.admin, id: made.id)["license_number"] == "HOSP-2026-001")
            #expect(try await w.ask("getHospital", as: own, id: made.id).version == 1)
            for (caller, anonymous) in [(w.alice, false), (w.alice, true)] {
                await #expect(throws: Problem.notFound) {
                    try await w.ask("getHospital", as: caller, id: made.id, anonymous: anonymous)
                }
                let list = try await w.ask("listHospitals", as: caller, anonymous: anonymous)
                #expect(list.json.array?.isEmpty == true && list.frame?.total == 0)
            }
            #expect(try await w.ask("listHospitals", as: w.admin).frame?.total == 1)
            let pending = try await w.ask("listHospitals", as: w.admin, query: [("status", "pending")])
            #expect(pending.frame?.total == 1)
        }
    }

    @Test func `an administrator approves and rejects, each once, and takes it back`() async throws {
        try await withWorld { w in
            let id = try await w.registerHospital().id
            let approved = try await w.ask("approveHospital", as: w.admin, id: id)
            #expect(approved["status"] == "approved" && approved["is_approved"] == true)
            #expect(approved["is_active"] == true && approved.version == 2)
            #expect(try await w.ask("approveHospital", as: w.admin, id: id).version == 2)
            let shown = try await w.ask("getHospital", id: id, anonymous: true)
            #expect(shown["name"] == "City Hospital" && shown["license_number"] == .null && shown.version == nil)
            await #expect(throws: Problem.self) { try await w.ask("rejectHospital", as: w.admin, id: id, [:]) }
            let reason: JSONValue = ["reason": "The license\nhas expired: 3 < 4, \"§ 4\"."]
            let rejected = try await w.ask("rejectHospital", as: w.admin, id: id, reason)
            #expect(rejected["status"] == "rejected" && rejected["is_active"] == false)
            #expect(rejected["rejection_reason"] == "The license\nhas expired: 3 < 4, \"§ 4\".")
            await #expect(throws: Problem.notFound) { try await w.ask("getHospital", id: id, anonymous: true) }
            let message = try await w.ask("hospitalMessage", id: id, anonymous: true)
            #expect(message["rejection_reason"] == rejected["rejection_reason"] && message["status"] == "rejected")
            _ = try await w.ask("approveHospital", as: w.admin, id: id)
            #expect(
                try await w.events() == [
                    "registry.hospital_registered.v1", "registry.hospital_approved.v1",
                    "registry.hospital_rejected.v1", "registry.hospital_approved.v1",
                ])
            let actions = try await w.database.read(Column<String>("action")) {
                "select \($0) from audit_entry order by entry_id"
            }
            #expect(
                actions == ["hospital_registered", "hospital_approved", "hospital_rejected", "hospital_approved"])
        }
    }

    @Test func `a hospital changes itself alone, and neither its status nor its licence`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let (other, _) = try await w.approvedHospital(2)
            let changed = try await w.ask(
                "changeHospital", as: own, id: id,
                [
                    "name": "New Name", "status": "rejected", "license_number": "X", "username": "x",
                    "prescribing_policy": "require_reason", "timezone": "Asia/Kathmandu",
                ])
            #expect(changed["name"] == "New Name" && changed["status"] == "approved")
            #expect(changed["license_number"] == "HOSP-1" && changed["prescribing_policy"] == "require_reason")
            #expect(changed["timezone"] == "Asia/Kathmandu" && changed.version == 3)
            await #expect(throws: Problem.forbidden) {
                try await w.ask("changeHospital", as: own, id: other, ["name": "Stolen"])
            }
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("changeHospital", as: own, id: id, ["name": "Late"], ifMatch: 2)
            }
            for body: JSONValue in [
                ["name": .null], ["timezone": "Mars/Olympus"], ["email": "office@hospital2.example"],
            ] {
                let code = await World.refusal { _ = try await w.ask("changeHospital", as: own, id: id, body) }
                #expect(code == .validationFailed)
            }
            let both = await #expect(throws: Problem.self) {
                try await w.ask("changeHospital", as: own, id: id, ["timezone": "Mars/Olympus", "latitude": 91])
            }
            #expect(Set(both?.errors.map(\.field) ?? []) == ["timezone", "latitude"])
            #expect(try await w.ask("changeHospital", as: w.admin, id: id, ["city": "Berlin"])["city"] == "Berlin")
        }
    }

    @Test func `a deleted hospital is found by nobody, keeps its name, and frees its licence`() async throws {
        try await withWorld { w in
            let (id, _) = try await w.approvedHospital(1)
            _ = try await w.ask("deleteHospital", as: w.admin, id: id)
            await #expect(throws: Problem.notFound) { try await w.ask("getHospital", as: w.admin, id: id) }
            await #expect(throws: Problem.notFound) { try await w.ask("deleteHospital", as: w.admin, id: id) }
            await #expect(throws: Problem.notFound) { try await w.ask("approveHospital", as: w.admin, id: id) }
            let cards = try await w.ask("directory", ["hospital_ids": [.string(id)]])
            let card = try #require(cards["hospitals"]?.array?.first)
            #expect(card["name"] == "City Hospital" && card["is_active"] == false)
            let again = try await w.hospitalFaults([
                "username": "another", "email": "office@hospital1.example", "license_number": "HOSP-1",
            ])
            #expect(again.isEmpty)
        }
    }

    @Test func `hospitals are found by words of name and city, and by city`() async throws {
        try await withWorld { w in
            _ = try await w.approvedHospital(1, ["name": "Jinnah Hospital", "city": "Lahore"])
            _ = try await w.approvedHospital(2, ["name": "Hôpital Général", "city": "Genève"])
            _ = try await w.approvedHospital(3, ["name": "Charité", "city": "Berlin"])
            let asked: [([(String, String)], [String])] = [
                ([("search", "general")], ["Hôpital Général"]), ([("search", "JINNAH lahore")], ["Jinnah Hospital"]),
                ([("city", "geneve")], ["Hôpital Général"]), ([("city", "Ber")], []), ([("search", "100%")], []),
                ([], ["Charité", "Hôpital Général", "Jinnah Hospital"]), ([("status", "pending")], []),
            ]
            for (query, names) in asked {
                let query = query.map { (name: $0.0, value: $0.1) }
                let found = try await w.ask("listHospitals", query: query, anonymous: true)
                #expect(found.json.array?.compactMap { $0["name"]?.string } == names)
            }
            let first = try await w.ask("listHospitals", query: [("cursor", ""), ("page_size", "2")])
            let next = try #require(first.frame?.nextCursor)
            let rest = try await w.ask("listHospitals", query: [("cursor", next), ("page_size", "2")])
            #expect(rest.json.array?.compactMap { $0["name"]?.string } == ["Jinnah Hospital"])
        }
    }

    @Test func `what identity tells of a hospital's account is seen in its entry`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            for (isActive, version) in [(false, Int64(3)), (true, 2)] {
                let fact = StandingFact(account: own.account, role: .hospital, version: version)
                let event = isActive ? Event.accountActivated(fact) : .accountDeactivated(fact)
                let envelope = EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
                try await w.database.transaction { tx in try await w.reaction.react(envelope, in: tx) }
                // The second is the older one.
                #expect(try await w.ask("getHospital", as: w.admin, id: id)["is_active"] == false)
            }
            await #expect(throws: Problem.notFound) { try await w.ask("getHospital", id: id, anonymous: true) }
        }
    }
}

@Suite struct NearbyHospitalsTests {
    private static func place(
        _ w: World, _ number: Int, _ latitude: Double, _ longitude: Double
    ) async throws {
        _ = try await w.approvedHospital(
            number,
            ["name": .string("Hospital \(number)"), "latitude": .double(latitude), "longitude": .double(longitude)])
    }

    private static func near(
        _ w: World, _ latitude: Double, _ longitude: Double, _ more: [(name: String, value: String)] = []
    ) async throws -> [(name: String, kilometres: Double)] {
        let query = [(name: "lat", value: "\(latitude)"), (name: "lng", value: "\(longitude)")] + more
        return try await w.ask("nearbyHospitals", query: query, anonymous: true).json.array?.map {
            ($0["name"]?.string ?? "", $0["distance_km"]?.double ?? -1)
        } ?? []
    }

    @Test func `the nearest come first, with their distance; 25 km and approved ones are all`() async throws {
        try await withWorld { w in
            try await Self.place(w, 1, 52.52, 13.405)
            try await Self.place(w, 2, 52.40, 13.06)
            try await Self.place(w, 3, 52.53, 13.41)
            _ = try await w.registerHospital(["latitude": .double(52.52), "longitude": .double(13.40)])
            let found = try await Self.near(w, 52.52, 13.405)
            #expect(found.map(\.name) == ["Hospital 1", "Hospital 3"])
            #expect(found[0].kilometres == 0 && abs(found[1].kilometres - 1.163) < 0.01)
            let wide = try await Self.near(w, 52.52, 13.405, [("radius_km", "30")])
            #expect(wide.map(\.name) == ["Hospital 1", "Hospital 3", "Hospital 2"])
            #expect(try await Self.near(w, 52.52, 13.405, [("radius_km", "30"), ("limit", "1")]).count == 1)
        }
    }

    @Test func `the antimeridian and the poles are places like others`() async throws {
        try await withWorld { w in
            try await Self.place(w, 1, -17.5, 179.95)
            try await Self.place(w, 2, 89.95, 100)
            let across = try await Self.near(w, -17.5, -179.95)
            #expect(across.map(\.name) == ["Hospital 1"] && abs(across[0].kilometres - 10.6) < 0.2)
            let pole = try await Self.near(w, 89.95, -80)
            #expect(pole.map(\.name) == ["Hospital 2"] && abs(pole[0].kilometres - 11.1) < 0.2)
        }
    }

    @Test(arguments: [
        ("lat", "90.1"), ("lat", "north"), ("lng", "-180.5"), ("lng", ""), ("radius_km", "0"), ("radius_km", "501"),
        ("radius_km", "nan"), ("limit", "0"), ("limit", "101"), ("lat", "0x10"),
    ])
    func `a place, radius or limit that is none is refused by its name`(name: String, value: String) async throws {
        try await withWorld { w in
            let query =
                [(name: "lat", value: "1"), (name: "lng", value: "1")].filter { $0.name != name }
                + [(name: name, value: value)]
            do {
                _ = try await w.ask("nearbyHospitals", query: query, anonymous: true)
                Issue.record("it was taken")
            } catch let problem as Problem {
                #expect(problem.errors.map(\.field) == [name])
            }
        }
    }
}
