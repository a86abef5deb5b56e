import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct HoldsTests {
    private func slot(_ w: World, _ time: String = "20270105T0900Z", of doctor: Caller? = nil) -> String {
        "\(w.people.entry(of: doctor ?? w.people.doctorA))_\(time)"
    }

    private func hold(_ w: World, _ slot: String, as caller: Caller? = nil) async throws -> World.Heard {
        try await w.ask("holdSlot", as: caller ?? w.people.jane, ["slot_id": .string(slot)])
    }

    private func shown(_ w: World, to caller: Caller) async throws -> [JSONValue] {
        try await w.ask(
            "getSlots", as: caller, id: w.people.entry(of: w.people.doctorA).description,
            query: [("from", "2027-01-05"), ("to", "2027-01-05")])["slots"]?.array ?? []
    }

    /// The hold as it is so many seconds after it was made.
    private func age(_ w: World, _ id: String, _ seconds: Int) async throws {
        try await w.database.run(
            """
            update claim set claimed_at = clock_timestamp() - make_interval(secs => \(seconds)),
                held_until = clock_timestamp() + make_interval(secs => \(300 - seconds))
            where claim_id = \(id)::uuid
            """, as: .service)
    }

    @Test func `a held slot is busy to all others, and stays in one's own list with the hold`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "10:00")])
            let made = try await hold(w, slot(w))
            #expect(made.status == 201 && made["slot_id"] == .string(slot(w)))
            #expect(made["start"] == "2027-01-05T09:00:00Z" && made["end"] == "2027-01-05T09:30:00Z")
            let own = try await shown(w, to: w.people.jane)
            #expect(own.map { $0["hold_id"] } == [.string(made.id), .null])
            #expect(try await shown(w, to: w.people.john).map { $0["slot_id"] } == [.string(slot(w, "20270105T0930Z"))])
            let again = try await hold(w, slot(w))
            #expect(again.status == 200 && again.json == made.json)
            let taken = try await w.refusal { try await hold(w, slot(w), as: w.people.john) }
            #expect(taken?.code == .slotTaken)
            guard case .list(let next)? = taken?.details["next_slots"], case .object(let first)? = next.first else {
                Issue.record("no next slots")
                return
            }
            #expect(next.count == 5 && first["slot_id"] == .text(slot(w, "20270105T0930Z")))
        }
    }

    @Test func `a hold ends after five minutes with no job having run`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "09:30")])
            let made = try await hold(w, slot(w))
            try await age(w, made.id, 299)
            let held = try await w.refusal { try await hold(w, slot(w), as: w.people.john) }
            #expect(held?.code == .slotTaken)
            try await age(w, made.id, 300)
            #expect(try await shown(w, to: w.people.john).count == 1)
            #expect(try await hold(w, slot(w), as: w.people.john).status == 201)
            let late = try await w.refusal { try await w.ask("releaseHold", as: w.people.jane, id: made.id) }
            #expect(late == .notFound)
        }
    }

    @Test func `what is released is free at once, and nobody releases another's`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "09:30")])
            let made = try await hold(w, slot(w))
            let foreign = try await w.refusal { try await w.ask("releaseHold", as: w.people.john, id: made.id) }
            #expect(foreign == .notFound)
            #expect(try await w.ask("releaseHold", as: w.people.jane, id: made.id).status == 200)
            #expect(try await hold(w, slot(w), as: w.people.john).status == 201)
        }
    }

    @Test func `three slots are held at once, and one more when one is released`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            var ids: [String] = []
            for time in ["0900", "0930", "1000"] { ids.append(try await hold(w, slot(w, "20270105T\(time)Z")).id) }
            let fourth = try await w.refusal { try await hold(w, slot(w, "20270105T1030Z")) }
            #expect(fourth?.code == .conflict)
            _ = try await w.ask("releaseHold", as: w.people.jane, id: ids[0])
            #expect(try await hold(w, slot(w, "20270105T1030Z")).status == 201)
        }
    }

    @Test func `twenty of one patient at once are three holds`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "19:00")])
            let statuses = await withTaskGroup(of: Int?.self) { tasks in
                for number in 0..<20 {
                    let hour = number / 2 + 9
                    let time = "\(hour < 10 ? "0" : "")\(hour)\(number % 2 == 0 ? "00" : "30")"
                    tasks.addTask { try? await hold(w, slot(w, "20270105T\(time)Z")).status }
                }
                return await tasks.reduce(into: [Int?]()) { $0.append($1) }
            }
            #expect(statuses.compactMap(\.self) == [201, 201, 201])
        }
    }

    @Test func `two hundred holds of one slot are one`() async throws {
        try await withWorld(loops: 2, transactions: 8) { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "09:30")])
            let people = (0..<200).map { number in
                Caller(account: ID(high: 0xA, low: 1000 + number), role: .patient, session: ID(high: 0xB, low: number))
            }
            w.directory.set { state in
                for person in people {
                    state.patients.append(
                        PatientCard(
                            id: ID(high: 0xBA, low: person.account.low), account: person.account,
                            keeper: person.account, tenant: person.tenant, fullName: "P"))
                }
            }
            let codes = await withTaskGroup(of: Problem.Code?.self) { tasks in
                for person in people {
                    tasks.addTask {
                        do {
                            _ = try await hold(w, slot(w), as: person)
                            return nil
                        } catch { return (error as? Problem)?.code ?? .internalError }
                    }
                }
                return await tasks.reduce(into: [Problem.Code?]()) { $0.append($1) }
            }
            #expect(codes.filter { $0 == nil }.count == 1)
            #expect(codes.filter { $0 == .slotTaken }.count == 199)
        }
    }

    @Test func `a patient who is busy is told so, and what is no slot is refused`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            try await w.setHours(of: w.people.doctorB)
            try await w.claim(
                w.people.doctorB, w.people.janesRecord, account: w.people.jane.account, from: "2027-01-05T09:15:00Z")
            let busy = try await w.refusal { try await hold(w, slot(w)) }
            #expect(busy?.code == .patientBusy)
            for wrong in ["20270105T1010Z", "20270105T1200Z", "20270103T0900Z"] {
                let offGrid = try await w.refusal { try await hold(w, slot(w, wrong)) }
                #expect(offGrid?.code == .slotTaken)
            }
            let malformed = try await w.refusal { try await hold(w, "tomorrow at nine") }
            #expect(malformed?.errors.map(\.field) == ["slot_id"])
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            let inactive = try await w.refusal { try await hold(w, slot(w, "20270105T1000Z")) }
            #expect(inactive?.code == .slotTaken)
            w.directory.set { $0.isAway = true }
            let away = try await w.refusal { try await hold(w, slot(w, "20270105T1000Z")) }
            #expect(away?.code == .serviceUnavailable)
        }
    }
}
