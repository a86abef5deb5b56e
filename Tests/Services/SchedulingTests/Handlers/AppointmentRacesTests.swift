import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

/// Many at once, on a real database: what is promised of one time holds whoever asks together with whom.
@Suite struct AppointmentRacesTests {
    /// Patients of the test's own.
    private func crowd(_ count: Int, _ w: World) -> [Caller] {
        let people = (0..<UInt64(count)).map { number in
            Caller(account: ID(high: 0xA, low: 900 + number), role: .patient, session: ID(high: 0xB, low: number))
        }
        w.directory.set { state in
            state.patients += people.map { person in
                PatientCard(
                    id: ID(high: 0xBA, low: person.account.low), account: person.account, keeper: person.account,
                    tenant: person.tenant, fullName: "P")
            }
        }
        return people
    }

    @Test func `of 200 who ask for one time one has it, and 199 are told that it is taken`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let crowd = crowd(200, w)
            let heard = try await atOnce(200) { try await w.book(w.people.doctorA, as: crowd[$0]) }
            #expect(heard.count { $0 == "201" } == 1 && heard.count { $0 == "slot_taken" } == 199)
        }
    }

    @Test func `who asks for a time that is taken costs one question to registry, and is told where there is time`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let crowd = crowd(2, w)
            _ = try await w.book(w.people.doctorA, as: crowd[0])
            let before = w.directory.seen.asked
            let refused = try await w.refusal { try await w.book(w.people.doctorA, as: crowd[1]) }
            #expect(refused?.code == .slotTaken && w.directory.seen.asked == before + 1)
            guard case .list(let next)? = refused?.details["next_slots"] else {
                Issue.record("no next slots")
                return
            }
            #expect(next.count == 5)
            // A time at which the patient is busy is not proposed.
            guard case .object(let first)? = next.first, case .text(let start)? = first["start"] else {
                Issue.record("no start")
                return
            }
            _ = try await w.book(w.people.doctorB, at: start, as: crowd[1])
            let again = try await w.refusal { try await w.book(w.people.doctorA, as: crowd[1]) }
            #expect(again?.details["next_slots"].map { "\($0)".contains(start) } == false)
            // Without a right to it, nobody is told more than before.
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            let unknown = try await w.refusal { try await w.book(w.people.doctorA, as: crowd[1]) }
            #expect(unknown?.errors.map(\.field) == ["doctor_id"])
        }
    }

    @Test func `of one patient's requests for one time one is kept`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let heard = try await atOnce(40) { try await w.book($0 % 2 == 0 ? w.people.doctorA : w.people.doctorB) }
            #expect(heard.count { $0 == "201" } == 1 && heard.count { $0 == "patient_busy" } == 39)
        }
    }

    @Test func `of 20 requests assigned to one time, many times each, one is confirmed`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let crowd = crowd(20, w)
            var ids: [String] = []
            for person in crowd { ids.append(try await w.book(as: person).id) }
            let kept = ids
            let heard = try await atOnce(200) { try await w.assign(kept[$0 % 20], w.people.doctorA) }
            #expect(heard.count { $0 == "200" } == 1)
            #expect(heard.allSatisfy { ["200", "slot_taken", "conflict"].contains($0) })
            #expect(try await w.overlaps() == 0)
        }
    }

    @Test func `of 20 cancels at once one does it`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let id = try await w.book(w.people.doctorA).id
            let heard = try await atOnce(20) { _ in try await w.cancel(id) }
            #expect(heard.count { $0 == "200" } == 1 && heard.count { $0 == "illegal_transition" } == 19)
            #expect(
                try await w.events() == [
                    "scheduling.appointment_requested.v1", "scheduling.appointment_cancelled.v1",
                    "scheduling.slot_freed.v1",
                ])
        }
    }

    @Test func `two visits that change places do not wait for each other`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let early = try await w.book(w.people.doctorA, at: "2027-01-05T10:00:00Z").id
            let late = try await w.book(w.people.doctorA, at: "2027-01-05T11:00:00Z", as: w.people.john).id
            for _ in 0..<15 {
                let heard = try await atOnce(2) { number in
                    number == 0
                        ? try await w.reschedule(early, to: "2027-01-05T11:00:00Z")
                        : try await w.reschedule(late, to: "2027-01-05T10:00:00Z", as: w.people.john)
                }
                #expect(heard == ["slot_taken", "slot_taken"])
            }
            #expect(try await w.overlaps() == 0)
        }
    }

    @Test func `booking and cancelling one time again and again ends with it free`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let crowd = crowd(8, w)
            let heard = try await atOnce(100) { number in
                let person = crowd[number % 8]
                let booked = try await w.book(w.people.doctorA, as: person)
                return try await w.cancel(booked.id, as: person)
            }
            #expect(heard.contains("200"))
            #expect(heard.allSatisfy { ["200", "slot_taken", "patient_busy"].contains($0) })
            #expect(try await w.busy().isEmpty)
        }
    }

    @Test func `a hold that is booked while others ask for its time is its patient's, and one's at most when it ends`()
        async throws
    {
        try await withWorld(loops: 2, transactions: 8) { w in
            let crowd = crowd(8, w)
            try await w.setHours(of: w.people.doctorA)
            let times = (0..<6).map { "2027-01-0\(5 + $0 / 3)T\(9 + $0 % 3 < 10 ? "0" : "")\(9 + $0 % 3):00:00Z" }
            for (round, time) in times.enumerated() {
                let hold = try await w.hold(w.people.doctorA, at: time)
                let isEnding = round % 2 == 1
                if isEnding {
                    try await w.database.run(
                        """
                        update claim set held_until = clock_timestamp() + interval '3 milliseconds'
                        where claim_id = \(hold)::uuid
                        """, as: .service)
                }
                let body = w.booking(at: nil, hold: hold)
                let heard = try await atOnce(16) { number in
                    number % 2 == 0
                        ? try await w.ask("bookAppointment", as: w.people.jane, body)
                        : try await w.book(w.people.doctorA, at: time, as: crowd[number / 2])
                }
                #expect(heard.count { $0 == "201" } <= 1 && (isEnding || heard.contains("201")))
                #expect(heard.allSatisfy { ["201", "slot_taken", "conflict", "patient_busy"].contains($0) })
                let owners = try await w.owners(at: time)
                #expect(owners.count <= 1 && (isEnding || owners == [w.people.janesRecord]))
            }
            #expect(try await w.overlaps() == 0)
        }
    }

    @Test func `a mix of everything leaves nobody booked twice`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            let crowd = crowd(12, w)
            let doctors = [w.people.doctorA, w.people.doctorB]
            let heard = try await atOnce(12) { number in
                var generator = SeededNumbers(state: UInt64(number) + 1)
                var last = World.Heard(status: 200, json: .null, frame: nil, location: nil, version: nil)
                for _ in 0..<25 {
                    let time = "2027-01-05T\(10 + generator.next() % 8):\(generator.next() % 4 == 0 ? "00" : "15"):00Z"
                    do {
                        let doctor = doctors[Int(generator.next() % 2)]
                        let booked = try await w.book(doctor, at: time, as: crowd[number])
                        switch generator.next() % 4 {
                        case 0: last = try await w.cancel(booked.id, as: crowd[number])
                        case 1: last = try await w.reschedule(booked.id, to: "2027-01-05T18:30:00Z", as: crowd[number])
                        case 2: last = try await w.assign(booked.id, doctors[Int(generator.next() % 2)])
                        default: last = booked
                        }
                    } catch let problem as Problem where problem.code == .slotTaken || problem.code == .patientBusy {
                        continue
                    } catch let problem as Problem where problem.code == .conflict {
                        continue
                    }
                }
                return last
            }
            #expect(heard.allSatisfy { $0 == "200" || $0 == "201" })
            #expect(try await w.overlaps() == 0)
        }
    }
}

extension World {
    /// Whose visits make this time busy.
    fileprivate func owners(at start: String) async throws -> [ID<Patient>] {
        try await database.read(Column<ID<Patient>>("patient_id")) {
            """
            select \($0) from claim where starts = \(start)::timestamptz and kind = 'appointment'
                and held_until > clock_timestamp()
            """
        }
    }
}

/// The same numbers in each run.
private struct SeededNumbers {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
