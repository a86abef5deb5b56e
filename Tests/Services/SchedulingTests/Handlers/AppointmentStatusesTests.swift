import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct AppointmentStatusesTests {
    @Test func `seed 004's way: asked for, assigned, completed by the prescription, told and kept in order`()
        async throws
    {
        try await withWorld { w in
            let id = try await w.book().id
            let assigned = try await w.assign(id, w.people.doctorA)
            #expect(assigned["status"] == "CONFIRMED" && assigned["doctor_name"] == "Dr. Emily Chen")
            let body: JSONValue = ["prescription_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"]
            for _ in 0..<2 {
                let done = try await w.ask("completeAppointment", as: w.people.doctorA, id: id, body)
                #expect(done["status"] == "COMPLETED" && done["prescription_id"] == body["prescription_id"])
            }
            #expect(
                try await w.events() == [
                    "scheduling.appointment_requested.v1", "scheduling.appointment_confirmed.v1",
                    "scheduling.appointment_completed.v1", "scheduling.slot_freed.v1",
                ])
            #expect(try await w.busy().isEmpty)
            let details = try await w.ask("getAppointment", as: w.people.jane, id: id)
            let history = (details["history"]?.array ?? []).map {
                "\($0["by_role"]?.string ?? "") \($0["from_status"]?.string ?? "-") \($0["to_status"]?.string ?? "")"
            }
            #expect(
                history == [
                    "patient - REQUESTED", "hospital REQUESTED CONFIRMED", "doctor CONFIRMED COMPLETED",
                ])
        }
    }

    @Test func `a request is no visit yet: a prescription does not complete it`() async throws {
        try await withWorld { w in
            let id = try await w.book().id
            let problem = try await w.refusal {
                try await w.ask(
                    "completeAppointment", as: w.people.doctorA, id: id,
                    ["prescription_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"])
            }
            #expect(problem?.code == .illegalTransition)
        }
    }

    @Test func `who comes late after their time was given away is seen beside the other, and that time is busy`()
        async throws
    {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            for status in ["CONFIRMED", "NO_SHOW"] { _ = try await w.setStatus(id, status) }
            _ = try await w.book(w.people.doctorA, as: w.people.john)
            let late = try await w.setStatus(id, "CHECKED_IN")
            #expect(late["status"] == "CHECKED_IN" && late["overbooked"] == true)
            #expect(try await w.setStatus(id, "CONFIRMED")["overbooked"] == true)
            #expect(try await w.busy() == [World.ten, World.ten])
            #expect(try await w.overlaps() == 0)
            let problem = try await w.refusal { try await w.book(w.people.doctorB) }
            #expect(problem?.code == .patientBusy)
        }
    }

    @Test func `front desk and doctor lead a visit through its states and back, and each step is told`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            let steps: [(String, Caller)] = [
                ("CONFIRMED", w.people.hospital), ("CHECKED_IN", w.people.doctorA), ("CONFIRMED", w.people.doctorA),
                ("NO_SHOW", w.people.hospital), ("CHECKED_IN", w.people.hospital), ("COMPLETED", w.people.doctorA),
            ]
            for (status, caller) in steps {
                #expect(try await w.setStatus(id, status, as: caller)["status"] == .string(status))
            }
            #expect(
                try await w.events().dropFirst() == [
                    "scheduling.appointment_confirmed.v1", "scheduling.appointment_checked_in.v1",
                    "scheduling.appointment_check_in_undone.v1", "scheduling.appointment_missed.v1",
                    "scheduling.slot_freed.v1", "scheduling.appointment_checked_in.v1",
                    "scheduling.appointment_completed.v1", "scheduling.slot_freed.v1",
                ])
        }
    }

    @Test func `a refused step names the legal ones; what is another's is not there`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.setStatus(id, "CONFIRMED")
            let refused = try await w.refusal { try await w.setStatus(id, "REJECTED") }
            #expect(
                refused?.details["allowed"] == .texts(["CHECKED_IN", "COMPLETED", "CANCELLED", "NO_SHOW"]))
            #expect(
                try await w.refusal { try await w.setStatus(id, "COMPLETED", as: w.people.jane) }?.code == .forbidden)
            for stranger in [w.people.john, w.people.doctorB, w.people.otherHospital, w.people.otherDoctor] {
                #expect(try await w.refusal { try await w.cancel(id, as: stranger) }?.code == .notFound)
                #expect(
                    try await w.refusal { try await w.ask("getAppointment", as: stranger, id: id) }?.code == .notFound)
            }
            #expect(try await w.refusal { try await w.setStatus(id, "GONE") }?.errors.map(\.field) == ["status"])
            #expect(try await w.ask("getAppointment", as: w.people.admin, id: id)["status"] == "CONFIRMED")
            #expect(try await w.audit().last == "appointment.read appointment/\(id)")
        }
    }

    @Test func `cancelling frees the time at once, and its words are for those it joins alone`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            let body: JSONValue = ["reason": "Canarywhy"]
            let heard = try await w.ask("cancelAppointment", as: w.people.jane, id: id, body)
            #expect(heard["status"] == "CANCELLED" && heard["reason"] == "Canaryreason")
            #expect(
                try await w.ask("getAppointment", as: w.people.doctorA, id: id)["status_reason"] == "Canarywhy")
            #expect(try await w.book(w.people.doctorA, as: w.people.john).status == 201)
            #expect(try await !w.told().contains("Canary"))
            let other = try await w.book(w.people.doctorB).id
            #expect(try await w.setStatus(other, "REJECTED", because: "Canarynot")["status"] == "REJECTED")
        }
    }

    @Test func `behind the doctor's cut-off a patient changes nothing, the hospital does`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            try await w.database.run("update schedule set cancel_cutoff_minutes = 120", as: .service)
            let id = try await w.book(w.people.doctorA).id
            w.clock.pass(.seconds(32 * 3600 + 60))
            let problem = try await w.refusal { try await w.cancel(id) }
            #expect(problem?.code == .cutoffPassed)
            #expect(problem?.details["cutoff_at"] == .text("2027-01-05T08:00:00Z"))
            let moved = "2027-01-05T11:00:00Z"
            #expect(try await w.refusal { try await w.reschedule(id, to: moved) }?.code == .cutoffPassed)
            #expect(try await w.cancel(id, as: w.people.hospital).status == 200)
        }
    }

    @Test func `who checks in on the visit's day has a number of the queue, and leaves it with the visit`() async throws
    {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.setStatus(id, "CONFIRMED")
            func numbers() async throws -> [String] {
                try await w.database.read(Column<String>("number || ' ' || status"), as: .service) {
                    "select \($0) from queue_token order by number"
                }
            }
            _ = try await w.setStatus(id, "CHECKED_IN")
            #expect(try await numbers().isEmpty)
            _ = try await w.setStatus(id, "CONFIRMED")
            w.clock.pass(.seconds(33 * 3600))
            _ = try await w.setStatus(id, "CHECKED_IN")
            #expect(try await numbers() == ["1 WAITING"])
            _ = try await w.setStatus(id, "CONFIRMED")
            _ = try await w.setStatus(id, "CHECKED_IN")
            #expect(try await numbers() == ["1 LEFT", "2 WAITING"])
            _ = try await w.setStatus(id, "COMPLETED", as: w.people.doctorA)
            #expect(try await numbers() == ["1 LEFT", "2 DONE"])
        }
    }

    @Test func `a request whose time has passed needs another start`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            w.clock.pass(.seconds(35 * 3600))
            #expect(try await w.refusal { try await w.setStatus(id, "CONFIRMED") }?.errors.map(\.field) == ["start"])
            #expect(
                try await w.refusal { try await w.assign(id, w.people.doctorA) }?.errors.map(\.field) == ["start"])
            let heard = try await w.assign(id, w.people.doctorA, at: "2027-01-06T10:00:00Z")
            #expect(heard["status"] == "CONFIRMED" && heard["requested_time"] == .string(World.ten))
        }
    }

    @Test func `who wrote first wins by If-Match`() async throws {
        try await withWorld { w in
            let id = try await w.book().id
            _ = try await w.assign(id, w.people.doctorA)
            let problem = try await w.refusal {
                try await w.ask("cancelAppointment", as: w.people.jane, id: id, [:], ifMatch: 1)
            }
            #expect(problem?.code == .preconditionFailed)
        }
    }

    @Test func `a request of a doctor who was shut out meanwhile is not confirmed; a visit they have stays theirs`()
        async throws
    {
        try await withWorld { w in
            let asked = try await w.book(w.people.doctorA).id
            let had = try await w.book(w.people.doctorA, at: "2027-01-05T11:00:00Z").id
            for status in ["CONFIRMED", "CHECKED_IN"] { _ = try await w.setStatus(had, status) }
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            let problem = try await w.refusal { try await w.setStatus(asked, "CONFIRMED") }
            #expect(problem?.code == .validationFailed && problem?.errors.map(\.field) == ["doctor_id"])
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: asked)["status"] == "REQUESTED")
            #expect(try await w.setStatus(had, "CONFIRMED")["status"] == "CONFIRMED")
            // Whose step it never is hears that, and not of the doctor.
            #expect(
                try await w.refusal { try await w.setStatus(asked, "CONFIRMED", as: w.people.jane) }?.code
                    == .forbidden)
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), true) }
            #expect(try await w.setStatus(asked, "CONFIRMED")["status"] == "CONFIRMED")
        }
    }

    @Test func `who comes late has their time again although they hold it`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let id = try await w.book(w.people.doctorA).id
            for status in ["CONFIRMED", "NO_SHOW"] { _ = try await w.setStatus(id, status) }
            _ = try await w.hold(w.people.doctorA, at: World.ten)
            let late = try await w.setStatus(id, "CHECKED_IN")
            #expect(late["status"] == "CHECKED_IN" && late["overbooked"] == false)
            #expect(try await w.busy() == [World.ten])
        }
    }
}
