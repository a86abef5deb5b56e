import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct SlotsTests {
    private func starts(
        _ w: World, as caller: Caller, of doctor: Caller, day: String = "2027-01-05"
    ) async throws -> [String] {
        let heard = try await w.ask(
            "getSlots", as: caller, id: w.people.entry(of: doctor).description, query: [("from", day), ("to", day)])
        return heard["slots"]?.array?.compactMap { $0["local_start"]?.string.map { String($0.suffix(5)) } } ?? []
    }

    @Test func `slots are shown with their names, in UTC and as the clock on the wall says`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "09:30")], zone: "America/New_York")
            let doctor = w.people.entry(of: w.people.doctorA).description
            let heard = try await w.ask(
                "getSlots", as: w.people.jane, id: doctor, query: [("from", "2027-01-05"), ("to", "2027-01-05")])
            #expect(
                heard.json == [
                    "doctor_id": .string(doctor), "timezone": "America/New_York", "slot_minutes": 30,
                    "slots": [
                        [
                            "slot_id": .string("\(doctor)_20270105T1400Z"), "start": "2027-01-05T14:00:00Z",
                            "end": "2027-01-05T14:30:00Z", "local_start": "2027-01-05T09:00", "hold_id": .null,
                        ]
                    ],
                ])
        }
    }

    @Test func `without dates it is the doctor's today and the seven days after`() async throws {
        try await withWorld { w in
            // Still Sunday, 3 January, at 19:00.
            try await w.setHours(of: w.people.doctorA, [("20:00", "20:30")], zone: "America/New_York")
            let heard = try await w.ask(
                "getSlots", as: w.people.jane, id: w.people.entry(of: w.people.doctorA).description)
            let starts = heard["slots"]?.array?.compactMap { $0["local_start"]?.string } ?? []
            #expect(starts.count == 8)
            #expect(starts.first == "2027-01-03T20:00" && starts.last == "2027-01-10T20:00")
        }
    }

    @Test func `sixty-three days, backwards and text are refused`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let doctor = w.people.entry(of: w.people.doctorA).description
            for (from, to) in [("2027-01-05", "2027-03-08"), ("2027-01-05", "2027-01-04"), ("x", "2027-01-04")] {
                let problem = try await w.refusal {
                    try await w.ask("getSlots", as: w.people.jane, id: doctor, query: [("from", from), ("to", to)])
                }
                #expect(problem?.code == .validationFailed)
            }
        }
    }

    @Test func `a patient is not offered a time at which they are busy, and is again when it is given up`() async throws
    {
        try await withWorld { w in
            let people = w.people
            try await w.setHours(of: people.doctorA, [("09:00", "10:00")])
            try await w.setHours(of: people.doctorB, [("09:00", "10:00")])
            let claim = try await w.claim(
                people.doctorA, people.janesRecord, account: people.jane.account, from: "2027-01-05T09:00:00Z")
            #expect(try await starts(w, as: people.jane, of: people.doctorB) == ["09:30"])
            #expect(try await starts(w, as: people.john, of: people.doctorB) == ["09:00", "09:30"])
            #expect(try await starts(w, as: people.john, of: people.doctorA) == ["09:30"])
            try await w.database.run("update claim set held_until = claimed_at where claim_id = \(claim)", as: .service)
            #expect(try await starts(w, as: people.jane, of: people.doctorB) == ["09:00", "09:30"])
            #expect(try await starts(w, as: people.john, of: people.doctorA) == ["09:00", "09:30"])
        }
    }

    @Test func `overbooked time is busy`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "10:00")])
            try await w.claim(
                w.people.doctorA, w.people.janesRecord, from: "2027-01-05T09:00:00Z", overbooked: true)
            #expect(try await starts(w, as: w.people.john, of: w.people.doctorA) == ["09:30"])
        }
    }

    @Test func `no hours, an inactive doctor and an unapproved hospital have no slots; nobody is 404`() async throws {
        try await withWorld { w in
            let people = w.people
            #expect(try await starts(w, as: people.jane, of: people.doctorA) == [])
            try await w.setHours(of: people.doctorA)
            #expect(try await starts(w, as: people.jane, of: people.doctorA).count == 6)
            w.directory.set { $0.setActive(people.entry(of: people.doctorA), false) }
            #expect(try await starts(w, as: people.jane, of: people.doctorA) == [])
            w.directory.set {
                $0.setActive(people.entry(of: people.doctorA), true)
                $0.setStatus(people.hospitalID, .rejected)
            }
            #expect(try await starts(w, as: people.jane, of: people.doctorA) == [])
            let problem = try await w.refusal {
                try await w.ask("getSlots", as: people.jane, id: "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90")
            }
            #expect(problem == .notFound)
        }
    }
}

extension GivenDirectory.State {
    mutating func setActive(_ id: ID<Doctor>, _ isActive: Bool) {
        doctors = doctors.map { card in
            guard card.id == id else { return card }
            return DoctorCard(
                id: id, hospital: card.hospital, department: card.department, account: card.account,
                displayName: card.displayName, isActive: isActive)
        }
    }

    mutating func setZone(_ id: ID<Hospital>, _ zone: String) {
        hospitals = hospitals.map { card in
            guard card.id == id else { return card }
            return HospitalCard(
                id: id, name: card.name, status: card.status, isActive: card.isActive, timezone: zone,
                prescribingPolicy: card.prescribingPolicy, account: card.account)
        }
    }

    mutating func setStatus(_ id: ID<Hospital>, _ status: HospitalStatus) {
        hospitals = hospitals.map { card in
            guard card.id == id else { return card }
            return HospitalCard(
                id: id, name: card.name, status: status, isActive: card.isActive, timezone: card.timezone,
                prescribingPolicy: card.prescribingPolicy, account: card.account)
        }
    }
}
