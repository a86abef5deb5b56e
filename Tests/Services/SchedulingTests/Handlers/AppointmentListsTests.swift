import API
import JSON
import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct AppointmentListsTests {
    private func starts(_ heard: World.Heard) -> [String] {
        (heard.json.array ?? []).compactMap { $0["start"]?.string.map { String($0.prefix(16)) } }
    }

    @Test func `each sees their own, the latest first, narrowed by state and time, in pages`() async throws {
        try await withWorld { w in
            for day in 4...6 {
                _ = try await w.book(w.people.doctorA, at: "2027-01-0\(day)T10:00:00Z")
            }
            _ = try await w.book(at: "2027-01-05T12:00:00Z", as: w.people.john)
            let mine = try await w.ask("listMyAppointments", as: w.people.jane)
            #expect(starts(mine) == ["2027-01-06T10:00", "2027-01-05T10:00", "2027-01-04T10:00"])
            #expect(mine.frame?.total == 3 && mine.json.array?.first?["hospital_name"] == "General Hospital")
            #expect(try await starts(w.ask("listDoctorAppointments", as: w.people.doctorA)).count == 3)
            #expect(try await starts(w.ask("listDoctorAppointments", as: w.people.doctorB)).isEmpty)
            #expect(try await starts(w.ask("listHospitalAppointments", as: w.people.hospital)).count == 4)
            #expect(try await starts(w.ask("listHospitalAppointments", as: w.people.otherHospital)).isEmpty)
            _ = try await w.cancel(try #require(mine.json.array?.first?["id"]?.string))
            let cancelled = try await w.ask(
                "listMyAppointments", as: w.people.jane, query: [("status", "cancelled")])
            #expect(starts(cancelled) == ["2027-01-06T10:00"])
            let day = try await w.ask(
                "listHospitalAppointments", as: w.people.hospital,
                query: [("from", "2027-01-05"), ("to", "2027-01-05")])
            #expect(starts(day) == ["2027-01-05T12:00", "2027-01-05T10:00"])
            let span = try await w.ask(
                "listHospitalAppointments", as: w.people.hospital,
                query: [("from", "2027-01-05T11:00:00 01:00"), ("to", "2027-01-05T12:00:00Z")])
            #expect(starts(span) == ["2027-01-05T10:00"])
        }
    }

    @Test func `a date in a list is the whole day where it is kept: the hospital's, the doctor's, else UTC`()
        async throws
    {
        try await withWorld { w in
            w.directory.set { state in
                state.hospitals = state.hospitals.map { card in
                    HospitalCard(
                        id: card.id, name: card.name, status: card.status, isActive: card.isActive,
                        timezone: "Asia/Karachi", prescribingPolicy: card.prescribingPolicy, account: card.account)
                }
            }
            try await w.setHours(of: w.people.doctorA, [("00:00", "24:00")], zone: "America/New_York")
            for start in ["2027-01-05T03:00:00Z", "2027-01-05T12:00:00Z", "2027-01-05T20:00:00Z"] {
                _ = try await w.book(w.people.doctorA, at: start)
            }
            func listed(_ name: String, _ caller: Caller, _ day: String) async throws -> [String] {
                starts(try await w.ask(name, as: caller, query: [("from", day), ("to", day)])).map {
                    String($0.suffix(5))
                }
            }
            #expect(
                try await listed("listMyAppointments", w.people.jane, "2027-01-05") == ["20:00", "12:00", "03:00"])
            #expect(
                try await listed("listHospitalAppointments", w.people.hospital, "2027-01-05") == ["12:00", "03:00"])
            #expect(
                try await listed("listHospitalAppointments", w.people.hospital, "2027-01-06") == ["20:00"])
            #expect(try await listed("listDoctorAppointments", w.people.doctorA, "2027-01-04") == ["03:00"])
            // Without hours of their own a doctor has the hospital's zone.
            _ = try await w.book(w.people.doctorB, at: "2027-01-05T22:00:00Z", as: w.people.john)
            #expect(try await listed("listDoctorAppointments", w.people.doctorB, "2027-01-06") == ["22:00"])
        }
    }

    @Test func `a patient's dates are days of the zone they chose, UTC while it cannot be asked for`() async throws {
        try await withWorld { w in
            for start in ["2027-01-05T03:00:00Z", "2027-01-05T12:00:00Z", "2027-01-05T20:00:00Z"] {
                _ = try await w.book(at: start)
            }
            func listed(_ from: String, _ to: String, of caller: Caller) async throws -> [String] {
                starts(try await w.ask("listMyAppointments", as: caller, query: [("from", from), ("to", to)])).map {
                    String($0.suffix(5))
                }
            }
            w.zones.set { $0.zones[w.people.jane.account] = "Asia/Karachi" }
            #expect(try await listed("2027-01-05", "2027-01-05", of: w.people.jane) == ["12:00", "03:00"])
            #expect(try await listed("2027-01-06", "2027-01-06", of: w.people.jane) == ["20:00"])
            #expect(w.zones.asked == 2)
            // Instants have no zone, and nobody is asked for one.
            #expect(
                try await listed("2027-01-05T12:00:00Z", "2027-01-05T20:00:00Z", of: w.people.jane) == ["12:00"])
            #expect(w.zones.asked == 2)
            w.zones.set { $0.isAway = true }
            #expect(try await listed("2027-01-05", "2027-01-05", of: w.people.jane) == ["20:00", "12:00", "03:00"])
        }
    }

    @Test func `a cursor goes on where the part ended`() async throws {
        try await withWorld { w in
            for day in 4...8 { _ = try await w.book(at: "2027-01-0\(day)T10:00:00Z") }
            var (seen, cursor): ([String], String?) = ([], "")
            while let next = cursor {
                let heard = try await w.ask(
                    "listMyAppointments", as: w.people.jane, query: [("cursor", next), ("page_size", "2")])
                seen += starts(heard)
                cursor = heard.frame?.nextCursor
            }
            #expect(seen == (4...8).reversed().map { "2027-01-0\($0)T10:00" })
        }
    }

    @Test func `names are asked for in one question, and kept for a minute`() async throws {
        try await withWorld { w in
            _ = try await w.book(w.people.doctorA)
            w.composition.visits.names.forget()
            let before = w.directory.seen.asked
            for _ in 0..<3 { _ = try await w.ask("listMyAppointments", as: w.people.jane) }
            #expect(w.directory.seen.asked == before + 1)
            w.clock.pass(.seconds(60))
            _ = try await w.ask("listMyAppointments", as: w.people.jane)
            #expect(w.directory.seen.asked == before + 2)
            w.directory.set { $0.isAway = true }
            #expect(try await starts(w.ask("listMyAppointments", as: w.people.jane)).count == 1)
        }
    }

    @Test func `the database alone keeps visits, their history and keys from everybody they are not of`() async throws {
        try await withWorld { w in
            _ = try await w.book(w.people.doctorA)
            let tables: [SQL] = ["appointment", "appointment_change", "data_key"]
            for table in tables {
                let strangers: [Scope?] = [
                    nil, Scope(account: "", role: ""), w.scope(w.people.john), w.scope(w.people.doctorB),
                    w.scope(w.people.otherHospital),
                ]
                for scope in strangers { #expect(try await w.count(table, as: scope) == 0) }
                for person in [w.people.jane, w.people.hospital, w.people.doctorA] {
                    #expect(try await w.count(table, as: w.scope(person)) == 1)
                }
            }
        }
    }
}

extension World {
    fileprivate func scope(_ caller: Caller) -> Scope {
        Scope(account: caller.account.description, role: caller.role.rawValue, tenant: caller.tenant.description)
    }

    fileprivate func count(_ table: SQL, as scope: Scope?) async throws -> Int {
        try await database.read(Column<Int>("count(*)"), as: scope) { "select \($0) from \(sql: table)" }.one
    }
}
