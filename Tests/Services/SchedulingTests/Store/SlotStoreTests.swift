import Kernel
import Postgres
import Scheduling
import SchedulingDomain
import Testing

@Suite struct SlotStoreTests {
    /// One doctor's window on one day, and the slots that follow.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let zone: String
        let day: String
        let window: (String, String)
        var slot = 30
        /// `local=UTC` of each.
        let slots: String

        var testDescription: String { "\(name): \(zone) \(day)" }
    }

    private static let cases: [Case] = [
        Case(
            name: "an hour that is skipped", zone: "America/New_York", day: "2027-03-14", window: ("00:00", "04:00"),
            slots: "00:00=05:00 00:30=05:30 01:00=06:00 01:30=06:30 03:00=07:00 03:30=07:30"),
        Case(
            name: "a slot longer than what is left before the skipped hour", zone: "America/New_York",
            day: "2027-03-14", window: ("00:00", "09:00"), slot: 90,
            slots: "00:00=05:00 01:30=06:30 04:30=08:30 06:00=10:00 07:30=11:30"),
        Case(
            name: "an hour that comes twice is offered once, as the later", zone: "America/New_York",
            day: "2027-11-07", window: ("00:00", "04:00"),
            slots: "00:00=04:00 00:30=04:30 01:00=06:00 01:30=06:30 02:00=07:00 02:30=07:30 03:00=08:00 03:30=08:30"),
        Case(
            name: "a skipped hour", zone: "Europe/Berlin", day: "2027-03-28", window: ("01:00", "04:00"),
            slots: "01:00=00:00 01:30=00:30 03:00=01:00 03:30=01:30"),
        Case(
            name: "a repeated hour", zone: "Europe/Berlin", day: "2027-10-31", window: ("01:00", "04:00"),
            slots: "01:00=23:00 01:30=23:30 02:00=01:00 02:30=01:30 03:00=02:00 03:30=02:30"),
        Case(
            name: "half an hour that is skipped", zone: "Australia/Lord_Howe", day: "2027-10-03",
            window: ("00:00", "04:00"),
            slots: "00:00=13:30 00:30=14:00 01:00=14:30 01:30=15:00 02:30=15:30 03:00=16:00 03:30=16:30"),
        Case(
            name: "half an hour that is repeated", zone: "Australia/Lord_Howe", day: "2027-04-04",
            window: ("00:00", "04:00"),
            slots: "00:00=13:00 00:30=13:30 01:00=14:00 01:30=15:00 02:00=15:30 02:30=16:00 03:00=16:30 03:30=17:00"),
        Case(
            name: "a midnight that is skipped", zone: "America/Santiago", day: "2027-09-05", window: ("00:00", "02:00"),
            slots: "01:00=04:00 01:30=04:30"),
        Case(
            name: "an evening before a skipped midnight", zone: "America/Santiago", day: "2027-09-04",
            window: ("22:00", "24:00"), slots: "22:00=02:00 22:30=02:30 23:00=03:00 23:30=03:30"),
        Case(
            name: "an evening whose last hour comes twice", zone: "America/Santiago", day: "2027-04-03",
            window: ("22:00", "24:00"), slots: "22:00=01:00 22:30=01:30 23:00=03:00 23:30=03:30"),
        Case(
            name: "winter", zone: "America/New_York", day: "2027-01-15", window: ("09:00", "10:00"),
            slots: "09:00=14:00 09:30=14:30"),
        Case(
            name: "summer", zone: "America/New_York", day: "2027-07-15", window: ("09:00", "10:00"),
            slots: "09:00=13:00 09:30=13:30"),
        Case(
            name: "a leap day", zone: "Asia/Kathmandu", day: "2028-02-29", window: ("09:00", "10:00"),
            slots: "09:00=03:15 09:30=03:45"),
        Case(
            name: "a window that is not a whole number of slots", zone: "UTC", day: "2027-01-05",
            window: ("09:00", "10:25"), slots: "09:00=09:00 09:30=09:30"),
    ]

    /// The local starts that are free on 5 January 2027, asked at this moment.
    private func starts(_ w: World, at now: String) async throws -> [String] {
        let day = try #require(CalendarDate("2027-01-05"))
        let moment = try #require(Instant(rfc3339: now))
        return try await w.slots.free(
            of: w.people.entry(of: w.people.doctorA), SlotDays(from: day, to: day, today: day), for: nil, at: moment
        ).map { String($0.localStart.suffix(5)) }
    }

    private func isOffered(_ w: World, _ start: String) async throws -> Bool {
        let slot = SlotID(
            doctor: w.people.entry(of: w.people.doctorA), start: try #require(Instant(rfc3339: start)))
        return try await w.database.transaction { tx in
            try await w.slots.offered(slot, to: nil, at: w.clock.now, in: tx) != nil
        }
    }

    @Test(arguments: cases)
    func `slots are right on every kind of day`(given: Case) async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [given.window], zone: given.zone, slot: given.slot, horizon: 730)
            let day = try #require(CalendarDate(given.day))
            let days = try SlotDays(from: day, to: day, today: day)
            let slots = try await w.slots.free(
                of: w.people.entry(of: w.people.doctorA), days, for: nil, at: w.clock.now)
            let shown = slots.map { slot in
                "\(slot.localStart.suffix(5))=\(slot.start.rfc3339.dropFirst(11).prefix(5))"
            }
            #expect(shown.joined(separator: " ") == given.slots)
            #expect(slots.allSatisfy { $0.end - $0.start == .seconds(given.slot * 60) })
        }
    }

    @Test func `over a year of five zones no slot overlaps another`() async throws {
        try await withWorld { w in
            for zone in ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Tehran"]
            {
                try await w.setHours(of: w.people.doctorA, [("00:00", "24:00")], zone: zone, slot: 45, horizon: 730)
                var slots: [Slot] = []
                for month in 0..<6 {
                    let first = w.clock.now.date.adding(days: 62 * month)
                    let days = try SlotDays(from: first, to: first.adding(days: 61), today: first)
                    slots += try await w.slots.free(
                        of: w.people.entry(of: w.people.doctorA), days, for: nil, at: w.clock.now)
                }
                #expect(slots.count > 11_000)
                #expect(zip(slots, slots.dropFirst()).allSatisfy { $0.end <= $1.start }, "\(zone)")
            }
        }
    }

    @Test func `notice and horizon count to the minute`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, notice: 120, horizon: 1)
            #expect(try await starts(w, at: "2027-01-05T07:00:00Z").first == "09:00")
            #expect(try await starts(w, at: "2027-01-05T07:00:01Z").first == "09:30")
            #expect(try await starts(w, at: "2027-01-04T09:00:00Z") == ["09:00"])
            #expect(try await starts(w, at: "2027-01-04T08:59:59Z") == [])
        }
    }

    @Test func `a buffer keeps time free after each visit, and before the next`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, buffer: 10)
            #expect(try await starts(w, at: "2027-01-04T00:00:00Z") == ["09:00", "09:40", "10:20", "11:00"])
            // Ends with the buffer of the slot at 09:40, and begins with the buffer of the one at 10:20.
            try await w.claim(w.people.doctorA, w.people.janesRecord, from: "2027-01-05T10:20:00Z", minutes: 5)
            #expect(try await starts(w, at: "2027-01-04T00:00:00Z") == ["09:00", "09:40", "11:00"])
            try await w.claim(w.people.doctorA, w.people.johnsRecord, from: "2027-01-05T10:19:00Z", minutes: 1)
            #expect(try await starts(w, at: "2027-01-04T00:00:00Z") == ["09:00", "11:00"])
        }
    }

    @Test func `a slot is offered by its name only where it stands on the grid and is free`() async throws {
        try await withWorld { w in
            let doctor = w.people.entry(of: w.people.doctorA)
            try await w.setHours(of: w.people.doctorA, zone: "America/New_York")
            try await w.claim(w.people.doctorA, w.people.johnsRecord, from: "2027-01-05T14:30:00Z")
            #expect(try await isOffered(w, "2027-01-05T14:00:00Z"))
            #expect(try await !isOffered(w, "2027-01-05T14:30:00Z"))
            #expect(try await !isOffered(w, "2027-01-05T14:10:00Z"))
            #expect(try await !isOffered(w, "2027-01-05T13:30:00Z"))
            let start = try #require(Instant(rfc3339: "2027-01-05T14:30:00Z"))
            let next = try await w.database.transaction { tx in
                try await w.slots.next(of: doctor, from: start, for: nil, at: w.clock.now, in: tx)
            }
            #expect(
                next.map(\.localStart) == [
                    "2027-01-05T10:00", "2027-01-05T10:30", "2027-01-05T11:00", "2027-01-05T11:30", "2027-01-06T09:00",
                ])
        }
    }
}

extension World {
    var slots: SlotStore { SlotStore(database: database) }
}
