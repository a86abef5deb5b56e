import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct QueuesTests {
    private func issue(_ w: World, _ body: JSONValue, as caller: Caller? = nil) async throws -> World.Heard {
        try await w.ask(
            "issueQueueToken", as: caller ?? w.people.hospital,
            path: [("doctor_id", w.people.entry(of: w.people.doctorA).description)], body)
    }

    private func next(_ w: World) async throws -> World.Heard {
        try await w.ask(
            "callNextInQueue", as: w.people.doctorA,
            path: [("doctor_id", w.people.entry(of: w.people.doctorA).description)])
    }

    private func set(_ w: World, _ id: String, _ status: String) async throws -> World.Heard {
        try await w.ask("changeQueueToken", as: w.people.doctorA, id: id, ["status": .string(status)])
    }

    @Test func `numbers count up by doctor and day, and the day is the doctor's`() async throws {
        try await withWorld { w in
            // Midnight in UTC is still Sunday in New York.
            try await w.setHours(of: w.people.doctorA, zone: "America/New_York")
            let first = try await issue(w, ["label": "Canarylabel"])
            #expect(first.status == 201 && first["number"] == 1 && first["date"] == "2027-01-03")
            #expect(first["label"] == "Canarylabel" && first["status"] == "WAITING")
            #expect(try await issue(w, ["label": "B"])["number"] == 2)
            w.clock.pass(.seconds(5 * 3600))
            let monday = try await issue(w, ["label": "C"])
            #expect(monday["number"] == 1 && monday["date"] == "2027-01-04")
            #expect(try await !w.told().contains("Canarylabel"))
        }
    }

    @Test func `fifty at once get fifty numbers`() async throws {
        try await withWorld(loops: 2) { w in
            let numbers = try await withThrowingTaskGroup(of: JSONValue?.self) { tasks in
                for number in 0..<50 {
                    tasks.addTask { try await issue(w, ["label": .string("P\(number)")])["number"] }
                }
                return try await tasks.reduce(into: [JSONValue?]()) { $0.append($1) }
            }
            #expect(Set(numbers.compactMap { $0?.double }) == Set((1...50).map(Double.init)))
        }
    }

    @Test func `a visit and a patient keep the number they have`() async throws {
        try await withWorld { w in
            let visit = try await w.visit(
                from: "2027-01-04T09:00:00Z", patient: w.people.janesRecord, account: w.people.jane.account)
            let token = try await issue(w, ["appointment_id": .string(visit)])
            #expect(token.status == 201 && token["appointment_id"] == .string(visit))
            let again = try await issue(w, ["appointment_id": .string(visit)])
            #expect(again.status == 200 && again.id == token.id)
            let patient = try await issue(w, ["patient_id": .string(w.people.janesRecord.description)])
            #expect(patient.status == 200 && patient.id == token.id)
            let kept = try await issue(w, ["patient_id": .string(w.people.keptRecord.description)])
            #expect(kept.status == 201)
            // Its patient sees it, with nothing of others; another patient and another hospital do not.
            let seen = try await w.ask("getQueueToken", as: w.people.jane, id: token.id)
            #expect(seen["number"] == 1 && seen["label"] == .null)
            for caller in [w.people.john, w.people.otherHospital, w.people.otherDoctor] {
                let foreign = try await w.refusal { try await w.ask("getQueueToken", as: caller, id: token.id) }
                #expect(foreign == .notFound)
            }
        }
    }

    @Test func `a visit of another day is a conflict, strangers and foreign visits are refused by their field`()
        async throws
    {
        try await withWorld { w in
            let tomorrow = try await w.visit(from: "2027-01-05T09:00:00Z")
            let requested = try await w.visit(from: "2027-01-04T09:00:00Z", status: "REQUESTED")
            let other = try await w.visit(
                from: "2027-01-04T09:00:00Z", doctor: w.people.doctorB, patient: w.people.johnsRecord)
            let early = try await w.refusal { try await issue(w, ["appointment_id": .string(tomorrow)]) }
            #expect(early?.code == .conflict)
            let unconfirmed = try await w.refusal { try await issue(w, ["appointment_id": .string(requested)]) }
            #expect(unconfirmed?.code == .conflict)
            let foreign = try await w.refusal { try await issue(w, ["appointment_id": .string(other)]) }
            #expect(foreign?.errors.map(\.field) == ["appointment_id"])
            // Jane was never at the hospital of the other doctor.
            let stranger = try await w.refusal {
                try await w.ask(
                    "issueQueueToken", as: w.people.otherHospital,
                    path: [("doctor_id", w.people.entry(of: w.people.otherDoctor).description)],
                    ["patient_id": .string(w.people.janesRecord.description)])
            }
            #expect(stranger?.errors.map(\.field) == ["patient_id"])
            let none = try await w.refusal { try await issue(w, [:]) }
            #expect(none?.code == .validationFailed)
        }
    }

    @Test func `next calls who waits longest and leaves the one in service as it is`() async throws {
        try await withWorld { w in
            #expect(try await next(w).json == .null)
            let first = try await issue(w, ["label": "A"]).id
            let second = try await issue(w, ["label": "B"]).id
            #expect(try await next(w).id == first)
            _ = try await set(w, first, "IN_SERVICE")
            let called = try await next(w)
            #expect(called.id == second && called["status"] == "CALLED" && called["called_at"] != .null)
            #expect(try await w.ask("getQueueToken", as: w.people.doctorA, id: first)["status"] == "IN_SERVICE")
            #expect(try await next(w).json == .null)
        }
    }

    @Test func `states lead back, and a step that cannot follow names those that can`() async throws {
        try await withWorld { w in
            let id = try await issue(w, ["label": "A"]).id
            for status in ["CALLED", "WAITING", "SKIPPED", "CALLED", "IN_SERVICE", "CALLED", "IN_SERVICE", "DONE"] {
                #expect(try await set(w, id, status)["status"] == .string(status))
            }
            #expect(try await set(w, id, "DONE").status == 200)
            let refused = try await w.refusal { try await set(w, id, "WAITING") }
            #expect(refused?.code == .illegalTransition && refused?.details["allowed"] == .texts(["IN_SERVICE"]))
            let unknown = try await w.refusal { try await set(w, id, "GONE") }
            #expect(unknown?.errors.map(\.field) == ["status"])
            #expect(try await w.events().count == 9)
        }
    }

    @Test func `the expected wait is the slot's length at first, then the median of the day`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, slot: 20)
            var ids: [String] = []
            for label in ["A", "B", "C", "D", "E", "F"] { ids.append(try await issue(w, ["label": .string(label)]).id) }
            let last = try await w.ask("getQueueToken", as: w.people.doctorA, id: ids[5])
            #expect(last["ahead"] == 5 && last["expected_wait_minutes"] == 100)
            for (id, minutes) in zip(ids, [4, 30, 6]) {
                _ = try await set(w, id, "IN_SERVICE")
                w.clock.pass(.seconds(Int64(minutes) * 60))
                _ = try await set(w, id, "DONE")
            }
            let after = try await w.ask("getQueueToken", as: w.people.doctorA, id: ids[5])
            #expect(after["ahead"] == 2 && after["expected_wait_minutes"] == 12)
            let board = try await w.ask(
                "getQueue", as: w.people.hospital,
                path: [("doctor_id", w.people.entry(of: w.people.doctorA).description)])
            #expect(board["waiting"] == 3)
            let entries = board["tokens"]?.array
            #expect(entries?.first?.object?.map(\.key) == ["id", "number", "status", "ahead", "expected_wait_minutes"])
            #expect(entries?.map { $0["number"] } == [1, 2, 3, 4, 5, 6])
        }
    }

    /// Each number as doctor, number and status.
    private func numbers(_ w: World) async throws -> [String] {
        let row = Column<ID<Doctor>>("doctor_id") + Column<String>("number || ' ' || status")
        return try await w.database.read(row, as: .service) { "select \($0) from queue_token order by issued" }
            .map { doctor, text in "\(doctor == w.people.entry(of: w.people.doctorA) ? "A" : "B") \(text)" }
    }

    /// A visit of today at ten with the first doctor, whose patient has a number already.
    private func numbered(_ w: World) async throws -> String {
        let id = try await w.book(w.people.doctorA, at: "2027-01-04T10:00:00Z").id
        _ = try await w.setStatus(id, "CONFIRMED")
        _ = try await issue(w, ["appointment_id": .string(id)])
        return id
    }

    @Test func `a visit that goes to another doctor leaves the queue, and has a number of the other's when checked in`()
        async throws
    {
        try await withWorld { w in
            let id = try await numbered(w)
            w.clock.pass(.seconds(1))
            _ = try await w.assign(id, w.people.doctorB)
            #expect(try await numbers(w) == ["A 1 LEFT"])
            #expect(try await w.setStatus(id, "CHECKED_IN")["status"] == "CHECKED_IN")
            #expect(try await numbers(w) == ["A 1 LEFT", "B 1 WAITING"])
            #expect(try await w.events().filter { $0 == "scheduling.queue_changed.v1" }.count == 3)
        }
    }

    @Test func `a visit that moves within the day keeps its number, one that goes to another day does not`()
        async throws
    {
        try await withWorld { w in
            // The day is the doctor's: eleven in the evening in UTC is the next day in Berlin.
            try await w.setHours(of: w.people.doctorA, [("00:00", "24:00")], zone: "Europe/Berlin")
            let id = try await numbered(w)
            _ = try await w.reschedule(id, to: "2027-01-04T22:00:00Z")
            #expect(try await numbers(w) == ["A 1 WAITING"])
            _ = try await w.reschedule(id, to: "2027-01-04T23:00:00Z")
            #expect(try await numbers(w) == ["A 1 LEFT"])
        }
    }

    @Test func `whatever number a visit has elsewhere, its check-in gives it one here`() async throws {
        try await withWorld { w in
            let id = try await numbered(w)
            try await w.database.run(
                "update queue_token set doctor_id = \(w.people.entry(of: w.people.doctorB))", as: .service)
            w.clock.pass(.seconds(1))
            #expect(try await w.setStatus(id, "CHECKED_IN")["status"] == "CHECKED_IN")
            #expect(try await numbers(w) == ["B 1 LEFT", "A 2 WAITING"])
        }
    }

    @Test func `a second live number of a visit is a conflict`() async throws {
        try await withWorld { w in
            let id = try await numbered(w)
            try await w.database.run(
                "update queue_token set doctor_id = \(w.people.entry(of: w.people.doctorB))", as: .service)
            let second = try await w.refusal { try await issue(w, ["appointment_id": .string(id)]) }
            #expect(second?.code == .conflict)
        }
    }
}
