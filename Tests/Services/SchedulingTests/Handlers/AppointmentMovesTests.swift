import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct AppointmentMovesTests {
    @Test func `a confirmed visit given to another doctor frees the first one's time, and both hear`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.assign(id, w.people.doctorA)
            #expect(try await w.refusal { try await w.assign(id, w.people.doctorA) }?.code == .conflict)
            let heard = try await w.assign(id, w.people.doctorB)
            #expect(heard["doctor_name"] == "Dr. Raj Patel" && heard["status"] == "CONFIRMED")
            #expect(try await w.book(w.people.doctorA, as: w.people.john).status == 201)
            let told = try await w.told()
            #expect(try await w.events()[2] == "scheduling.appointment_reassigned.v1")
            #expect(told.contains("\"former_doctor_account_id\":\"\(w.people.doctorA.account)\""))
            #expect(
                try await w.refusal { try await w.ask("getAppointment", as: w.people.doctorA, id: id) }?.code
                    == .notFound)
        }
    }

    @Test func `a doctor of another hospital or department, or shut out, is not assigned`() async throws {
        try await withWorld { w in
            let body = w.booking(department: w.people.neurology)
            let id = try await w.ask("bookAppointment", as: w.people.jane, body).id
            for doctor in [w.people.otherDoctor, w.people.doctorA] {
                #expect(try await w.refusal { try await w.assign(id, doctor) }?.errors.map(\.field) == ["doctor_id"])
            }
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: id)["status"] == "REQUESTED")
        }
    }

    @Test func `overbooking says why, is flagged where it stands beside another, and its time is busy`() async throws {
        try await withWorld { w in
            _ = try await w.book(w.people.doctorA)
            let id = try await w.book(as: w.people.john).id
            #expect(try await w.refusal { try await w.assign(id, w.people.doctorA) }?.code == .slotTaken)
            let heard = try await w.assign(id, w.people.doctorA, overbook: true)
            #expect(heard["overbooked"] == .bool(true) && heard["status"] == "CONFIRMED")
            #expect(
                try await w.ask("getAppointment", as: w.people.john, id: id)["status_reason"] == "Canaryoverbook")
            // Where nobody stands, nothing is overbooked.
            let moved = try await w.assign(id, w.people.doctorA, at: "2027-01-05T15:00:00Z", overbook: true)
            #expect(moved["overbooked"] == .bool(false))
            let body: JSONValue = [
                "doctor_id": .string(w.people.entry(of: w.people.doctorA).description), "overbook": true,
            ]
            #expect(
                try await w.refusal { try await w.ask("assignDoctor", as: w.people.hospital, id: id, body) }?
                    .errors.map(\.field) == ["reason"])
        }
    }

    @Test func `an overbooked visit keeps its time when the one beside it is gone`() async throws {
        try await withWorld { w in
            let first = try await w.book(w.people.doctorA).id
            let beside = try await w.book(as: w.people.john).id
            _ = try await w.assign(beside, w.people.doctorA, overbook: true)
            _ = try await w.cancel(first)
            #expect(try await w.refusal { try await w.book(w.people.doctorA) }?.code == .slotTaken)
        }
    }

    @Test func `a move keeps the visit, may overlap its own old time, and frees that alone when it succeeds`()
        async throws
    {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.book(w.people.doctorA, at: "2027-01-05T11:00:00Z", as: w.people.john)
            let overlap = try await w.reschedule(id, to: "2027-01-05T10:15:00Z")
            #expect(overlap.id == id && overlap["start"] == "2027-01-05T10:15:00Z" && overlap.version == 2)
            #expect(try await w.refusal { try await w.reschedule(id, to: "2027-01-05T10:45:00Z") }?.code == .slotTaken)
            #expect(try await w.busy() == ["2027-01-05T10:15:00Z", "2027-01-05T11:00:00Z"])
            let same = try await w.reschedule(id, to: "2027-01-05T10:15:00Z")
            #expect(same.version == 2)
            #expect(try await w.events().count == 3)
            let history = try await w.ask("getAppointment", as: w.people.jane, id: id)["history"]?.array
            #expect(history?.last?["from_start"] == .string(World.ten))
            _ = try await w.cancel(id)
            #expect(
                try await w.refusal { try await w.reschedule(id, to: "2027-01-06T10:00:00Z") }?.code
                    == .illegalTransition)
        }
    }

    @Test func `a patient moves onto an offered slot where the doctor has hours, the hospital to any free time`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let id = try await w.book(w.people.doctorA).id
            let evening = "2027-01-05T19:00:00Z"
            let refused = try await w.refusal { try await w.reschedule(id, to: evening) }
            #expect(refused?.code == .slotTaken)
            #expect(try await w.reschedule(id, to: "2027-01-05T10:30:00Z")["start"] == "2027-01-05T10:30:00Z")
            #expect(try await w.reschedule(id, to: evening, as: w.people.hospital)["start"] == .string(evening))
        }
    }

    @Test func `a patient's own hold is used by their visit, whoever moves it there or gives it the doctor`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            try await w.setHours(of: w.people.doctorB)
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.hold(w.people.doctorA, at: "2027-01-05T10:30:00Z")
            #expect(try await w.reschedule(id, to: "2027-01-05T10:30:00Z")["start"] == "2027-01-05T10:30:00Z")
            _ = try await w.hold(w.people.doctorA, at: "2027-01-05T11:30:00Z")
            let desk = try await w.reschedule(id, to: "2027-01-05T11:15:00Z", as: w.people.hospital)
            #expect(desk["start"] == "2027-01-05T11:15:00Z")
            _ = try await w.hold(w.people.doctorB, at: "2027-01-05T09:00:00Z")
            #expect(try await w.assign(id, w.people.doctorB, at: "2027-01-05T09:00:00Z").status == 200)
            #expect(try await w.busy() == ["2027-01-05T09:00:00Z"])
            // With another doctor the same person keeps a time of their own.
            _ = try await w.hold(w.people.doctorB, at: World.ten)
            let elsewhere = try await w.refusal { try await w.assign(id, w.people.doctorA, at: World.ten) }
            #expect(elsewhere?.code == .patientBusy)
        }
    }

    @Test func `a visit moved onto the time that its patient was offered ends the waiting`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let first = try await w.book(w.people.doctorA, as: w.people.john).id
            let late = try await w.book(w.people.doctorA, at: "2027-01-07T10:00:00Z").id
            _ = try await w.ask(
                "joinWaitlist", as: w.people.jane,
                [
                    "hospital_id": .string(w.people.hospitalID.description), "from": "2027-01-05", "to": "2027-01-05",
                ])
            _ = try await w.cancel(first, as: w.people.john)
            func status() async throws -> JSONValue? {
                try await w.ask("listWaitlist", as: w.people.jane).json.array?.first?["status"]
            }
            #expect(try await status() == "OFFERED")
            #expect(try await w.reschedule(late, to: World.ten)["start"] == .string(World.ten))
            #expect(try await status() == "BOOKED")
            #expect(try await w.busy() == [World.ten])
        }
    }

    @Test func `a move to the slot it has changes nothing, whatever length is named beside it`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let id = try await w.book(w.people.doctorA).id
            let slot = World.slot(w.people.entry(of: w.people.doctorA).description, World.ten)
            let bodies: [JSONValue] = [
                ["slot_id": .string(slot), "duration_minutes": 60], ["slot_id": .string(slot)],
                ["start": .string(World.ten), "duration_minutes": 60],
            ]
            for body in bodies {
                let heard = try await w.ask("rescheduleAppointment", as: w.people.jane, id: id, body)
                #expect(heard.version == 1 && heard["end"] == "2027-01-05T10:30:00Z")
            }
            #expect(try await w.events().count == 1)
            // The hospital is bound by no slot: for it the length is a change.
            let body: JSONValue = ["start": .string(World.ten), "duration_minutes": 60]
            let longer = try await w.ask("rescheduleAppointment", as: w.people.hospital, id: id, body)
            #expect(longer.version == 2 && longer["end"] == "2027-01-05T11:00:00Z")
            // A patient who names no length keeps it, and one who names the slot has the slot's.
            #expect(try await w.reschedule(id, to: World.ten).version == 2)
            let shorter = try await w.ask(
                "rescheduleAppointment", as: w.people.jane, id: id, ["slot_id": .string(slot)])
            #expect(shorter.version == 3 && shorter["end"] == "2027-01-05T10:30:00Z")
        }
    }

    @Test func `who is checked in is moved no more, and the words name what is possible`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            for status in ["CONFIRMED", "CHECKED_IN"] { _ = try await w.setStatus(id, status) }
            let later = "2027-01-06T10:00:00Z"
            let moved = try await w.refusal { try await w.reschedule(id, to: later, as: w.people.hospital) }
            let assigned = try await w.refusal { try await w.assign(id, w.people.doctorB) }
            for problem in [moved, assigned] {
                #expect(problem?.code == .illegalTransition)
                #expect(
                    problem?.message
                        == "A CHECKED_IN appointment cannot be given another time or doctor; it can become: "
                        + "CONFIRMED, COMPLETED, CANCELLED.")
                #expect(problem?.details["allowed"] == .texts(["CONFIRMED", "COMPLETED", "CANCELLED"]))
            }
        }
    }
}
