import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct WaitlistTests {
    @Test func `a patient waits in five places at most, however many are asked for at once`() async throws {
        try await withWorld(loops: 2) { w in
            let person = try #require(w.patients(1).first)
            let body: JSONValue = [
                "hospital_id": .string(w.people.hospitalID.description), "from": "2027-01-05", "to": "2027-01-05",
            ]
            let came = try await atOnce(12) { _ in try await w.ask("joinWaitlist", as: person, body) }
            #expect(came.filter { $0 == "201" }.count == 5)
        }
    }

    /// The fields that are refused of an entry with these members.
    private func refused(
        _ w: World, _ person: Caller, _ change: (String, JSONValue)...
    ) async throws -> [String]? {
        var body: [(String, JSONValue)] = [
            ("hospital_id", .string(w.people.hospitalID.description)), ("from", "2027-01-05"), ("to", "2027-01-06"),
        ]
        body = body.filter { old in !change.contains { $0.0 == old.0 } } + change
        let members = JSONValue.object(body.map { JSONMember(key: $0.0, value: $0.1) })
        return try await w.refusal { try await w.ask("joinWaitlist", as: person, members) }?.errors.map(\.field)
    }

    @Test func `a freed time is kept for who came first, and handed on after fifteen minutes`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(3)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            let offer = try await w.entry(people[0])["offer"]
            #expect(offer?["start"] == "2027-01-05T09:00:00Z")
            #expect(offer?["expires_at"] == .string((w.clock.now + .seconds(900)).rfc3339))
            #expect(try await w.status(people[1]) == "WAITING")
            w.clock.pass(.seconds(899))
            try await w.expireOffers()
            #expect(try await w.status(people[0]) == "OFFERED")
            w.clock.pass(.seconds(1))
            try await w.expireOffers()
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
            // Nobody slips in between: the slot was never free.
            let slot = JSONValue.string("\(w.people.entry(of: w.people.doctorA))_20270105T0900Z")
            let taken = try await w.refusal { try await w.ask("holdSlot", as: w.people.jane, ["slot_id": slot]) }
            #expect(taken?.code == .slotTaken)
            // Who ignored it stands behind all others, and is not asked about this time again.
            w.clock.pass(.seconds(900))
            try await w.expireOffers()
            #expect(try await w.status(people[2]) == "OFFERED")
            w.clock.pass(.seconds(900))
            try await w.expireOffers()
            for person in people { #expect(try await w.status(person) == "WAITING") }
            #expect(try await w.ask("holdSlot", as: w.people.jane, ["slot_id": slot]).status == 201)
            // Another time goes to who stands first now.
            try await w.free("2027-01-05T10:00:00Z")
            #expect(try await w.status(people[0]) == "OFFERED")
            #expect(
                try await w.events()
                    == [
                        "waitlist_offered", "waitlist_passed", "waitlist_offered", "waitlist_passed",
                        "waitlist_offered", "waitlist_passed", "slot_freed", "waitlist_offered",
                    ].map { "scheduling.\($0).v1" })
            #expect(try await !w.told().contains("Canaryreason"))
        }
    }

    @Test func `who is busy then is passed over and keeps the place`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.claim(
                w.people.doctorB, World.record(people[0]), account: people[0].account, from: "2027-01-05T09:15:00Z")
            try await w.free()
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
            try await w.free("2027-01-05T10:00:00Z")
            #expect(try await w.status(people[0]) == "OFFERED")
        }
    }

    @Test func `two times freed at once go to two`() async throws {
        try await withWorld(loops: 2) { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for time in ["2027-01-05T09:00:00Z", "2027-01-05T11:00:00Z"] {
                    tasks.addTask { try await w.free(time) }
                }
                try await tasks.waitForAll()
            }
            for person in people { #expect(try await w.status(person) == "OFFERED") }
        }
    }

    @Test func `a declined offer keeps its place for other times, and goes to the next`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            let hold = try #require(try await w.entry(people[0])["offer"]?["hold_id"]?.string)
            _ = try await w.ask("releaseHold", as: people[0], id: hold)
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
            let second = try #require(try await w.entry(people[1])["offer"]?["hold_id"]?.string)
            _ = try await w.ask("releaseHold", as: people[1], id: second)
            #expect(try await w.status(people[0]) == "WAITING")
            try await w.free("2027-01-05T10:00:00Z")
            #expect(try await w.status(people[0]) == "OFFERED")
        }
    }

    @Test func `who leaves gives the offer to the next`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            let first = try await w.join(people[0])
            _ = try await w.join(people[1])
            try await w.free()
            let foreign = try await w.refusal { try await w.ask("leaveWaitlist", as: people[1], id: first) }
            #expect(foreign == .notFound)
            _ = try await w.ask("leaveWaitlist", as: people[0], id: first)
            #expect(try await w.status(people[0]) == "LEFT")
            try await w.expireOffers()
            #expect(try await w.status(people[1]) == "OFFERED")
            let again = try await w.refusal { try await w.ask("leaveWaitlist", as: people[0], id: first) }
            #expect(again == .notFound)
        }
    }

    @Test func `a released hold is offered, but not to who released it`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            _ = try await w.join(people[0])
            _ = try await w.join(people[1], department: true)
            let slot = JSONValue.string("\(w.people.entry(of: w.people.doctorA))_20270105T0900Z")
            let hold = try await w.ask("holdSlot", as: people[0], ["slot_id": slot]).id
            _ = try await w.ask("releaseHold", as: people[0], id: hold)
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `nothing is offered that is soon, outside the hours, outside the range or still somebody's`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let person = w.patients(1)[0]
            _ = try await w.join(person, from: "2027-01-04", to: "2027-01-06")
            try await w.free("2027-01-04T00:29:00Z")
            try await w.free("2027-01-05T13:00:00Z")
            try await w.free("2027-01-07T09:00:00Z")
            try await w.claim(
                w.people.doctorA, w.people.johnsRecord, from: "2027-01-05T10:15:00Z", minutes: 15, overbooked: true)
            try await w.free("2027-01-05T10:00:00Z")
            #expect(try await w.status(person) == "WAITING")
            try await w.free("2027-01-06T11:30:00Z")
            #expect(try await w.status(person) == "OFFERED")
        }
    }

    @Test func `a date is the whole day in the doctor's zone`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, zone: "America/New_York")
            let person = w.patients(1)[0]
            _ = try await w.join(person, from: "2027-03-14", to: "2027-03-14")
            let entry = try await w.entry(person)
            #expect(entry["from"] == "2027-03-14T05:00:00Z" && entry["to"] == "2027-03-15T04:00:00Z")
        }
    }

    @Test func `five entries are enough, and what is not of the hospital is refused by its field`() async throws {
        try await withWorld { w in
            let person = w.patients(1)[0]
            let nobody = JSONValue.string("0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90")
            #expect(try await refused(w, person, ("hospital_id", nobody)) == ["hospital_id"])
            #expect(
                try await refused(
                    w, person, ("doctor_id", .string(w.people.entry(of: w.people.otherDoctor).description)))
                    == ["doctor_id"])
            #expect(
                try await refused(w, person, ("department_id", .string(w.people.otherDepartment.description)))
                    == ["department_id"])
            #expect(try await refused(w, person, ("to", "2027-01-04")) == ["to"])
            #expect(try await refused(w, person, ("from", "2026-01-04"), ("to", "2026-01-05")) == ["to"])
            #expect(try await refused(w, person, ("from", "soon")) == ["from"])
            for _ in 0..<5 { _ = try await w.join(person) }
            let sixth = try await w.refusal { try await w.join(person) }
            #expect(sixth?.code == .conflict)
        }
    }

    @Test func `a booking within the range closes the entry, and its offer goes to the next`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            let start = try #require(Instant(rfc3339: "2027-01-05T11:00:00Z"))
            try await w.database.transaction(as: .service) { tx in
                try await w.composition.schedules.offers.booked(
                    .init(
                        account: people[0].account, hospital: w.people.hospitalID, department: nil,
                        doctor: w.people.entry(of: w.people.doctorA), start: start, hold: nil),
                    in: tx)
            }
            #expect(try await w.status(people[0]) == "BOOKED")
            // Nobody slips in between: its time stays busy until it is handed on.
            #expect(try await w.busy() == ["2027-01-05T09:00:00Z"])
            try await w.expireOffers()
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `entries of times that have passed do not count`() async throws {
        try await withWorld { w in
            let person = try #require(w.patients(1).first)
            for _ in 0..<5 { _ = try await w.join(person) }
            w.clock.pass(.seconds(2 * 86_400))
            #expect(try await !w.join(person, from: "2027-01-07", to: "2027-01-07").isEmpty)
        }
    }
}
