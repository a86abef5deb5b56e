import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct WaitlistOffersTests {
    private func message(_ w: World, _ entry: String, _ kind: String) async throws -> JSONValue {
        try await w.ask(
            "waitlistMessage", as: nil, id: entry, query: [("kind", kind), ("start", "2027-01-05T09:00:00Z")]
        ).json
    }

    @Test func `an offer is told while it stands, and that it passed while who had it waits on`() async throws {
        try await withWorld { w in
            let person = try #require(w.patients(1).first)
            let id = try await w.join(person)
            #expect(try await message(w, id, "offered") == .null)
            // A doctor without hours: times stand in the hospital's zone.
            try await w.free()
            #expect(
                try await message(w, id, "offered") == [
                    "hospital_name": "General Hospital", "doctor_name": "Dr. Emily Chen",
                    "time": "5 January 2027, 09:00 (UTC)", "until": "4 January 2027, 00:15 (UTC)",
                ])
            #expect(try await message(w, id, "passed") == .null)
            let noted = try await w.ask("waitlistMessage", as: nil, id: id, query: [("kind", "offered")])
            #expect(noted["time"] == "5 January 2027, 09:00 (UTC)")
            w.clock.pass(.seconds(900))
            #expect(try await message(w, id, "offered") == .null)
            try await w.expireOffers()
            let passed = try await message(w, id, "passed")
            #expect(passed["doctor_name"] == "Dr. Emily Chen" && passed["until"] == .null)
            _ = try await w.ask("leaveWaitlist", as: person, id: id)
            #expect(try await message(w, id, "passed") == .null)
        }
    }

    @Test func `a message that an offer passed names no doctor where two had offered that start`() async throws {
        try await withWorld { w in
            let person = try #require(w.patients(1).first)
            let id = try await w.join(person)
            for doctor in [w.people.doctorA, w.people.doctorB] {
                try await w.database.run(
                    """
                    insert into waitlist_declined (entry_id, doctor_id, starts)
                    values (\(id)::uuid, \(w.people.entry(of: doctor)), '2027-01-05T09:00:00Z')
                    """, as: .service)
            }
            let passed = try await message(w, id, "passed")
            #expect(passed["hospital_name"] == "General Hospital" && passed["doctor_name"] == .null)
        }
    }

    /// What an entry was offered.
    private func offered(_ w: World, _ person: Caller) async throws -> String {
        try #require(try await w.entry(person)["offer"]?["hold_id"]?.string)
    }

    @Test func `an offer that comes back goes to who waits for its department`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            let first = try await w.join(people[0])
            _ = try await w.join(people[1], department: true)
            try await w.free()
            #expect(try await w.status(people[0]) == "OFFERED")
            _ = try await w.ask("leaveWaitlist", as: people[0], id: first)
            try await w.expireOffers()
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `an offer left over by a booking goes to who waits for the department of the offer`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let people = w.patients(2)
            _ = try await w.join(people[0])
            _ = try await w.join(people[1], department: true)
            try await w.free()
            let start = try #require(Instant(rfc3339: "2027-01-05T11:00:00Z"))
            try await w.database.transaction(as: .service) { tx in
                try await w.composition.schedules.offers.booked(
                    .init(
                        account: people[0].account, hospital: w.people.hospitalID, department: w.people.neurology,
                        doctor: w.people.entry(of: w.people.doctorA), start: start, hold: nil),
                    in: tx)
            }
            try await w.expireOffers()
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `an offer of a doctor without hours is declined too, even while registry cannot be asked`() async throws
    {
        try await withWorld { w in
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            let hold = try await offered(w, people[0])
            w.directory.set { $0.isAway = true }
            #expect(try await w.ask("releaseHold", as: people[0], id: hold).status == 200)
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `a declined offer of a doctor who was shut out goes to nobody`() async throws {
        try await withWorld { w in
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            _ = try await w.ask("releaseHold", as: people[0], id: try await offered(w, people[0]))
            for person in people { #expect(try await w.status(person) == "WAITING") }
        }
    }

    @Test func `an offer left over goes to nobody when its doctor was shut out`() async throws {
        try await withWorld { w in
            let people = w.patients(2)
            let first = try await w.join(people[0])
            _ = try await w.join(people[1])
            try await w.free()
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            _ = try await w.ask("leaveWaitlist", as: people[0], id: first)
            try await w.expireOffers()
            #expect(try await w.status(people[1]) == "WAITING")
            #expect(try await w.busy().isEmpty)
        }
    }

    @Test func `an offer whose time a booking of the same patient overlaps is declined by it`() async throws {
        try await withWorld { w in
            let people = w.patients(2)
            _ = try await w.join(people[0], from: "2027-01-05T09:00:00Z", to: "2027-01-05T12:00:00Z")
            try await w.free()
            #expect(try await w.status(people[0]) == "OFFERED")
            _ = try await w.book(w.people.doctorA, at: "2027-01-05T08:45:00Z", as: people[0])
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.busy() == ["2027-01-05T08:45:00Z"])
            try await w.free("2027-01-05T11:00:00Z")
            #expect(try await w.status(people[0]) == "OFFERED")
        }
    }

    @Test func `an offer of an earlier release, whose claim names no hospital, is handed on`() async throws {
        try await withWorld { w in
            let people = w.patients(2)
            for person in people { _ = try await w.join(person) }
            try await w.free()
            try await w.database.run("update claim set hospital_id = null, department_id = null", as: .service)
            w.clock.pass(.seconds(900))
            try await w.expireOffers()
            #expect(try await w.status(people[0]) == "WAITING")
            #expect(try await w.status(people[1]) == "OFFERED")
        }
    }

    @Test func `an offer is used until it ends, and not while it is handed on`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let person = try #require(w.patients(1).first)
            _ = try await w.join(person)
            try await w.free()
            let hold = try await offered(w, person)
            /// The offer as it is so many seconds before its time is free.
            func left(_ seconds: Int) async throws {
                try await w.database.run(
                    """
                    update claim set claimed_at = clock_timestamp() - interval '15 minutes',
                        held_until = clock_timestamp() + make_interval(secs => \(seconds)) where claim_id = \(hold)::uuid
                    """, as: .service)
            }
            try await left(30)
            let slot = JSONValue.string("\(w.people.entry(of: w.people.doctorA))_20270105T0900Z")
            let again = try await w.refusal { try await w.ask("holdSlot", as: person, ["slot_id": slot]) }
            #expect(again?.code == .patientBusy)
            #expect(try await w.refusal { try await w.ask("releaseHold", as: person, id: hold) } == .notFound)
            let late = try await w.refusal {
                try await w.ask("bookAppointment", as: person, w.booking(at: nil, hold: hold))
            }
            #expect(late?.code == .conflict)
            try await left(90)
            let booked = try await w.ask("bookAppointment", as: person, w.booking(at: nil, hold: hold))
            #expect(booked.status == 201 && booked["start"] == "2027-01-05T09:00:00Z")
        }
    }
}
