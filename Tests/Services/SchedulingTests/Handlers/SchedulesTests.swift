import API
import JSON
import Kernel
import Scheduling
import Testing

@Suite struct SchedulesTests {
    private static let week: JSONValue = [
        "timezone": "America/New_York", "slot_minutes": 30,
        "weekly_hours": [
            "monday": [["start": "13:00", "end": "17:00"], ["start": "09:00", "end": "12:00"]],
            "tuesday": [["start": "20:00", "end": "24:00"]], "friday": [],
        ],
    ]

    private func id(_ w: World) -> String { w.people.entry(of: w.people.doctorA).description }

    /// The local starts on the day on which New York's clocks go forward.
    private func starts(_ w: World) async throws -> [String] {
        let heard = try await w.ask(
            "getSlots", as: w.people.jane, id: id(w), query: [("from", "2027-03-14"), ("to", "2027-03-14")])
        return heard["slots"]?.array?.compactMap { $0["local_start"]?.string.map { String($0.suffix(5)) } } ?? []
    }

    private func add(_ w: World, _ body: JSONValue) async throws -> String {
        let heard = try await w.ask("addScheduleException", as: w.people.hospital, id: id(w), body)
        #expect(heard.status == 201)
        return heard.id
    }

    private func remove(_ w: World, _ exception: String) async throws {
        _ = try await w.ask(
            "removeScheduleException", as: w.people.doctorA, id: id(w), path: [("exception_id", exception)])
    }

    /// What an exception hits, which is taken away again.
    private func affected(_ w: World, _ body: JSONValue) async throws -> JSONValue? {
        let heard = try await w.ask("addScheduleException", as: w.people.hospital, id: id(w), body)
        try await remove(w, heard.id)
        return heard["affected"]
    }

    @Test func `before any was put there is one without hours, in the hospital's zone`() async throws {
        try await withWorld { w in
            let heard = try await w.ask("getSchedule", as: w.people.hospital, id: id(w))
            #expect(heard.status == 200 && heard.version == nil)
            #expect(heard["weekly_hours"] == [:] && heard["timezone"] == "UTC" && heard["slot_minutes"] == 30)
        }
    }

    @Test func `hospital and doctor write all of it, and what is left out has its default`() async throws {
        try await withWorld { w in
            let put = try await w.ask("replaceSchedule", as: w.people.hospital, id: id(w), Self.week)
            #expect(put.status == 200 && put.version == 1 && put["affected"] == [])
            let shown = try await w.ask("getSchedule", as: w.people.doctorA, id: id(w))
            #expect(
                shown["weekly_hours"] == [
                    "monday": [["start": "09:00", "end": "12:00"], ["start": "13:00", "end": "17:00"]],
                    "tuesday": [["start": "20:00", "end": "24:00"]],
                ])
            #expect(shown["horizon_days"] == 90 && shown["buffer_minutes"] == 0 && shown["auto_confirm"] == false)
            let again = try await w.ask(
                "replaceSchedule", as: w.people.doctorA, id: id(w),
                ["timezone": "Asia/Kathmandu", "slot_minutes": 20, "weekly_hours": [:]], ifMatch: 1)
            #expect(again.version == 2 && again["weekly_hours"] == [:])
            let late = try await w.refusal {
                try await w.ask("replaceSchedule", as: w.people.doctorA, id: id(w), Self.week, ifMatch: 1)
            }
            #expect(late?.code == .preconditionFailed)
            #expect(
                try await w.events() == ["scheduling.schedule_updated.v1", "scheduling.schedule_updated.v1"])
            #expect(try await w.audit() == Array(repeating: "schedule.updated doctor/\(id(w))", count: 2))
        }
    }

    @Test func `for everybody else the doctor is not there`() async throws {
        try await withWorld { w in
            for caller in [w.people.otherHospital, w.people.doctorB, w.people.otherDoctor] {
                let read = try await w.refusal { try await w.ask("getSchedule", as: caller, id: id(w)) }
                let written = try await w.refusal {
                    try await w.ask("replaceSchedule", as: caller, id: id(w), Self.week)
                }
                #expect(read == .notFound && written == .notFound)
            }
        }
    }

    @Test(
        arguments: [
            ("timezone", ["timezone": "Mars/Olympus", "slot_minutes": 30, "weekly_hours": [:]]),
            ("timezone", ["timezone": "+02:00", "slot_minutes": 30, "weekly_hours": [:]]),
            ("slot_minutes", ["timezone": "UTC", "slot_minutes": 4, "weekly_hours": [:]]),
            ("weekly_hours", ["timezone": "UTC", "slot_minutes": 30]),
            ("weekly_hours.someday", ["timezone": "UTC", "slot_minutes": 30, "weekly_hours": ["someday": []]]),
            (
                "weekly_hours.monday",
                [
                    "timezone": "UTC", "slot_minutes": 30,
                    "weekly_hours": [
                        "monday": [["start": "09:00", "end": "12:00"], ["start": "11:59", "end": "13:00"]]
                    ],
                ]
            ),
            (
                "weekly_hours.sunday",
                [
                    "timezone": "UTC", "slot_minutes": 30,
                    "weekly_hours": ["sunday": [["start": "22:00", "end": "06:00"]]],
                ]
            ),
        ] as [(String, JSONValue)])
    func `what is no schedule is refused by its field`(field: String, body: JSONValue) async throws {
        try await withWorld { w in
            let problem = try await w.refusal {
                try await w.ask("replaceSchedule", as: w.people.hospital, id: id(w), body)
            }
            #expect(problem?.errors.map(\.field) == [field])
        }
    }

    @Test func `hours that change under visits name those that lie outside them now`() async throws {
        try await withWorld { w in
            _ = try await w.ask("replaceSchedule", as: w.people.hospital, id: id(w), Self.week)
            // Monday 11:45 to 12:15, over the lunch that is free now; Monday 14:00; and one that is over.
            let lunch = try await w.visit(from: "2027-01-11T16:45:00Z")
            _ = try await w.visit(from: "2027-01-11T19:00:00Z")
            _ = try await w.visit(from: "2026-12-28T16:45:00Z")
            let off = try await w.visit(from: "2027-01-13T16:45:00Z", status: "CANCELLED")
            let put = try await w.ask("replaceSchedule", as: w.people.hospital, id: id(w), Self.week)
            #expect(put["affected"] == [.string(lunch)])
            #expect(
                try await w.events().suffix(2) == [
                    "scheduling.schedule_updated.v1", "scheduling.schedule_affected.v1",
                ])
            #expect(try await w.told().contains(lunch))
            #expect(try await !w.told().contains(off))
            var whole = Self.week
            whole = [
                "timezone": "America/New_York", "slot_minutes": 30,
                "weekly_hours": [
                    "monday": [["start": "09:00", "end": "12:00"], ["start": "12:00", "end": "17:00"]]
                ],
            ]
            #expect(try await w.ask("replaceSchedule", as: w.people.hospital, id: id(w), whole)["affected"] == [])
        }
    }

    @Test func `a closed day, other hours and time off change the slots, and end with the exception`() async throws {
        try await withWorld { w in
            // The day on which New York's clocks go forward, a Sunday.
            try await w.setHours(of: w.people.doctorA, [("00:00", "04:00")], zone: "America/New_York")
            let all = ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"]
            #expect(try await starts(w) == all)
            let closed = try await add(w, ["kind": "closed", "date": "2027-03-14", "note": "Canarynote"])
            #expect(try await starts(w) == [])
            let second = try await w.refusal {
                try await add(
                    w, ["kind": "hours", "date": "2027-03-14", "hours": [["start": "01:30", "end": "03:30"]]])
            }
            #expect(second?.code == .conflict)
            let shown = try await w.ask("getSchedule", as: w.people.doctorA, id: id(w))["exceptions"]?.array
            #expect(shown?.first?["note"] == "Canarynote" && shown?.first?["date"] == "2027-03-14")
            try await remove(w, closed)
            let hours = try await add(
                w,
                [
                    "kind": "hours", "date": "2027-03-14", "hours": [["start": "01:30", "end": "03:30"]],
                ])
            #expect(try await starts(w) == ["01:30", "03:00"])
            try await remove(w, hours)
            let away = try await add(
                w, ["kind": "away", "start": "2027-03-14T06:15:00Z", "end": "2027-03-14T07:00:00Z"])
            #expect(try await starts(w) == ["00:00", "00:30", "03:00", "03:30"])
            try await remove(w, away)
            #expect(try await starts(w) == all)
            let gone = try await w.refusal { try await remove(w, away) }
            #expect(gone == .notFound)
            #expect(try await !w.told().contains("Canarynote"))
        }
    }

    @Test func `an exception names the visits it hits and no others`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("09:00", "17:00")])
            let morning = try await w.visit(from: "2027-01-06T09:30:00Z")
            let noon = try await w.visit(from: "2027-01-06T12:00:00Z", patient: w.people.johnsRecord)
            let outside = try await w.visit(from: "2027-01-07T20:00:00Z")
            #expect(
                try await affected(w, ["kind": "closed", "date": "2027-01-06"]) == [.string(morning), .string(noon)])
            #expect(
                try await affected(
                    w,
                    [
                        "kind": "hours", "date": "2027-01-06", "hours": [["start": "11:00", "end": "17:00"]],
                    ]) == [.string(morning)])
            #expect(
                try await affected(w, ["kind": "away", "start": "2027-01-06T12:29:00Z", "end": "2027-01-06T13:00:00Z"])
                    == [.string(noon)])
            #expect(
                try await affected(w, ["kind": "away", "start": "2027-01-06T12:30:00Z", "end": "2027-01-06T13:00:00Z"])
                    == [])
            #expect(try await affected(w, ["kind": "closed", "date": "2027-01-07"]) == [.string(outside)])
        }
    }

    @Test(
        arguments: [
            ("date", ["kind": "closed"]), ("hours", ["kind": "hours", "date": "2027-01-06"]),
            ("hours", ["kind": "hours", "date": "2027-01-06", "hours": []]),
            ("end", ["kind": "away", "start": "2027-01-06T12:00:00Z", "end": "2027-01-06T12:00:00Z"]),
            ("kind", ["kind": "holiday", "date": "2027-01-06"]),
            ("end", ["kind": "away", "start": "2027-01-06T12:00:00Z"]),
        ] as [(String, JSONValue)])
    func `what is no exception is refused by its field`(field: String, body: JSONValue) async throws {
        try await withWorld { w in
            let problem = try await w.refusal {
                try await w.ask("addScheduleException", as: w.people.hospital, id: id(w), body)
            }
            #expect(problem?.errors.map(\.field) == [field])
        }
    }
}
