import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct CalendarsTests {
    private func visit(_ w: World, _ start: String, status: String = "CONFIRMED") async throws -> String {
        try await w.visit(
            from: start, status: status, patient: w.people.janesRecord, account: w.people.jane.account,
            department: w.people.cardiology)
    }

    /// The file, as the endpoint writes it.
    private func file(_ w: World, _ id: String, as caller: Caller) async throws -> String {
        try await w.ask("getAppointmentCalendar", as: caller, id: id).json.string ?? ""
    }

    private func feed(_ w: World, _ token: String) async throws -> String {
        try await w.ask("getCalendar", as: nil, path: [("token", token)]).json.string ?? ""
    }

    @Test func `a visit's file names hospital and doctor, and neither department nor patient`() async throws {
        try await withWorld { w in
            let id = try await visit(w, "2027-01-05T09:00:00Z")
            for caller in [w.people.jane, w.people.hospital, w.people.doctorA] {
                let text = try await file(w, id, as: caller)
                #expect(text.contains("UID:\(id)@praxis\r\n") && text.contains("METHOD:PUBLISH"))
                #expect(text.contains("SUMMARY:Appointment with Dr. Emily Chen\r\n"))
                #expect(text.contains("LOCATION:General Hospital\r\n") && text.contains("DTSTART:20270105T090000Z"))
                #expect(!text.contains("Cardiology") && !text.contains("Jane"))
            }
            for caller in [w.people.john, w.people.otherHospital, w.people.doctorB] {
                #expect(try await w.refusal { try await file(w, id, as: caller) } == .notFound)
            }
        }
    }

    @Test func `a rejected or cancelled visit is taken out of calendars`() async throws {
        try await withWorld { w in
            for status in ["CANCELLED", "REJECTED"] {
                let text = try await file(
                    w, try await visit(w, "2027-01-05T09:00:00Z", status: status), as: w.people.jane)
                #expect(text.contains("METHOD:CANCEL\r\n") && text.contains("STATUS:CANCELLED\r\n"))
            }
        }
    }

    @Test func `a feed shows what is asked for and agreed, from thirty days back`() async throws {
        try await withWorld { w in
            let made = try await w.ask("makeCalendarToken", as: w.people.jane)
            let token = try #require(made["token"]?.string)
            #expect(made.status == 201)
            #expect(made["url"] == .string("http://localhost:8000/api/calendar/\(token).ics"))
            let past = try await visit(w, "2026-12-06T09:00:00Z", status: "COMPLETED")
            let asked = try await visit(w, "2027-01-05T09:00:00Z", status: "REQUESTED")
            let off = try await visit(w, "2027-01-06T09:00:00Z", status: "CANCELLED")
            let refused = try await visit(w, "2027-01-07T09:00:00Z", status: "REJECTED")
            let old = try await visit(w, "2026-12-04T09:00:00Z", status: "COMPLETED")
            let text = try await feed(w, token)
            #expect(text.contains(past) && text.contains(asked))
            #expect(!text.contains(off) && !text.contains(refused) && !text.contains(old))
            #expect(text.contains("STATUS:TENTATIVE\r\n"))
        }
    }

    @Test func `a feed ends with its account`() async throws {
        try await withWorld { w in
            for caller in [w.people.jane, w.people.doctorA] {
                let token = try #require(try await w.ask("makeCalendarToken", as: caller)["token"]?.string)
                #expect(try await feed(w, token).contains("BEGIN:VCALENDAR"))
                w.accounts.shutOut(caller.account)
                #expect(try await w.refusal { try await feed(w, token) } == .notFound)
            }
        }
    }

    @Test func `a feed that is read again asks registry for no name twice`() async throws {
        try await withWorld { w in
            let token = try #require(try await w.ask("makeCalendarToken", as: w.people.jane)["token"]?.string)
            let id = try await visit(w, "2027-01-05T09:00:00Z")
            for _ in 0..<3 { #expect(try await feed(w, token).contains(id)) }
            #expect(w.directory.seen.asked == 1)
        }
    }

    @Test func `a new address ends the old, and a removed one is gone at once`() async throws {
        try await withWorld { w in
            let first = try #require(try await w.ask("makeCalendarToken", as: w.people.jane)["token"]?.string)
            let second = try #require(try await w.ask("makeCalendarToken", as: w.people.jane)["token"]?.string)
            #expect(first != second)
            #expect(try await w.refusal { try await feed(w, first) } == .notFound)
            #expect(try await feed(w, second).contains("BEGIN:VCALENDAR"))
            _ = try await w.ask("removeCalendarToken", as: w.people.jane)
            #expect(try await w.refusal { try await feed(w, second) } == .notFound)
            #expect(try await w.refusal { try await w.ask("removeCalendarToken", as: w.people.jane) } == .notFound)
            let kept = try await w.database.read(Column<Int>("count(*)"), as: .service) {
                "select \($0) from calendar_token where encode(token_hash, 'escape') like \("%" + second + "%")"
            }
            #expect(try kept.one == 0)
        }
    }
}
