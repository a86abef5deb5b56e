import API
import JSON
import Kernel
import Scheduling
import Testing

@Suite struct AppointmentMessagesTests {
    /// What a message says; null where nothing is to be said.
    private func message(
        _ w: World, _ id: String, _ kind: String, at start: String = World.ten, to caller: Caller? = nil
    ) async throws -> JSONValue {
        try await w.ask(
            "appointmentMessage", as: nil, id: id,
            query: [
                ("kind", kind), ("start", start), ("account_id", (caller ?? w.people.jane).account.description),
            ]
        ).json
    }

    /// A visit that the hospital gave to the first doctor.
    private func confirmed(_ w: World) async throws -> String {
        let id = try await w.book().id
        _ = try await w.assign(id, w.people.doctorA)
        return id
    }

    @Test func `a message names hospital, doctor and the time in the doctor's zone`() async throws {
        try await withWorld { w in
            let id = try await confirmed(w)
            let plain = try await message(w, id, "confirmed")
            #expect(plain["hospital_name"] == "General Hospital" && plain["doctor_name"] == "Dr. Emily Chen")
            #expect(plain["time"] == "5 January 2027, 10:00 (UTC)")
            try await w.setHours(of: w.people.doctorA, zone: "Asia/Kathmandu")
            #expect(try await message(w, id, "confirmed")["time"] == "5 January 2027, 15:45 (Asia/Kathmandu)")
        }
    }

    @Test func `nothing is said of what was cancelled or moved since, and no reminder once the visit begins`()
        async throws
    {
        try await withWorld { w in
            let id = try await confirmed(w)
            #expect(try await message(w, id, "requested") == .null)
            #expect(try await message(w, id, "reminder") != .null)
            let later = "2027-01-05T11:00:00Z"
            _ = try await w.reschedule(id, to: later)
            for kind in ["confirmed", "reminder"] { #expect(try await message(w, id, kind) == .null) }
            for kind in ["rescheduled", "reminder"] { #expect(try await message(w, id, kind, at: later) != .null) }
            w.clock.pass(.seconds(35 * 3600))
            #expect(try await message(w, id, "reminder", at: later) == .null)
            _ = try await w.cancel(id, as: w.people.hospital)
            #expect(try await message(w, id, "rescheduled", at: later) == .null)
            #expect(try await message(w, id, "cancelled", at: later) != .null)
        }
    }

    @Test func `the calendar file follows the visit under one name, and takes it out at the end`() async throws {
        try await withWorld { w in
            let id = try await confirmed(w)
            func calendar(_ kind: String, at start: String = World.ten) async throws -> (String?, String) {
                let calendar = try await message(w, id, kind, at: start)["calendar"]
                return (calendar?["method"]?.string, calendar?["text"]?.string ?? "")
            }
            let later = "2027-01-05T11:00:00Z"
            let (made, first) = try await calendar("confirmed")
            #expect(made == "PUBLISH" && first.contains("METHOD:PUBLISH\r\n") && first.contains("SEQUENCE:1\r\n"))
            #expect(try await calendar("reminder").0 == nil)
            _ = try await w.reschedule(id, to: later)
            let (moved, second) = try await calendar("rescheduled", at: later)
            #expect(moved == "PUBLISH" && second.contains("SEQUENCE:2\r\n"))
            _ = try await w.cancel(id)
            let (over, third) = try await calendar("cancelled", at: later)
            #expect(over == "CANCEL" && third.contains("METHOD:CANCEL\r\n") && third.contains("SEQUENCE:3\r\n"))
            for text in [first, second, third] {
                #expect(text.contains("UID:\(id)@praxis\r\n") && !text.contains("Canary") && !text.contains("Cardio"))
            }
        }
    }

    @Test func `a doctor who has the visit no more has it taken out of their calendar`() async throws {
        try await withWorld { w in
            let id = try await confirmed(w)
            _ = try await w.assign(id, w.people.doctorB)
            let former = try await message(w, id, "reassigned", to: w.people.doctorA)["calendar"]
            #expect(former?["method"] == "CANCEL")
            for caller in [w.people.doctorB, w.people.jane] {
                #expect(try await message(w, id, "reassigned", to: caller)["calendar"]?["method"] == "PUBLISH")
            }
        }
    }
}
