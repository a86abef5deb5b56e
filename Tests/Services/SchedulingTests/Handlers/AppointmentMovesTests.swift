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
}
