import JSON
import Kernel
import Scheduling
import Testing

@Suite struct FreedTimesTests {
    /// A way in which a doctor's time becomes free.
    enum Way: String, Sendable, CaseIterable {
        case cancelled, moved, rejected, missed, completed, reassigned, released, lapsed
    }

    @Test(arguments: Way.allCases)
    func `whatever frees a doctor's time offers it to who waits for it`(way: Way) async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(way, w)
            let entry = try await w.entry(w.people.john)
            #expect(entry["status"] == "OFFERED" && entry["offer"]?["start"] == .string(World.ten))
            // It is kept for them, and not free.
            #expect(try await w.freedDays().isEmpty)
        }
    }

    @Test(arguments: Way.allCases)
    func `whatever frees the time of a doctor who was shut out offers it to nobody`(way: Way) async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(way, w) {
                w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            }
            #expect(try await w.status(w.people.john) == "WAITING")
            #expect(try await w.freedDays().isEmpty)
        }
    }

    @Test(arguments: Way.allCases)
    func `whatever frees a doctor's time for which nobody waits tells its day once, and no time`(way: Way) async throws
    {
        try await withWorld { w in
            // Ten in UTC is the next day at midnight.
            try await w.setHours(of: w.people.doctorA, [("00:00", "03:00")], zone: "Pacific/Kiritimati")
            try await free(way, w)
            let told = try await w.freedDays()
            let expected: JSONValue = [
                "doctor_id": .string(w.people.entry(of: w.people.doctorA).description),
                "hospital_id": .string(w.people.hospitalID.description),
                "doctor_account_id": .string(w.people.doctorA.account.description), "day": "2027-01-06",
            ]
            #expect(told == [expected])
        }
    }

    @Test func `the day of a doctor without a schedule is one of their hospital's zone`() async throws {
        try await withWorld { w in
            w.directory.set { $0.setZone(w.people.hospitalID, "Pacific/Kiritimati") }
            try await free(.cancelled, w)
            #expect(try await w.freedDays().map { $0["day"] } == ["2027-01-06"])
        }
    }

    @Test func `a visit is cancelled while registry cannot be asked, and its doctor hears that the time is free`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let id = try await w.book(w.people.doctorA).id
            let hold = try await w.hold(w.people.doctorA, at: "2027-01-05T11:00:00Z")
            w.directory.set { $0.isAway = true }
            _ = try await w.cancel(id)
            _ = try await w.ask("releaseHold", as: w.people.jane, id: hold)
            let account = JSONValue.string(w.people.doctorA.account.description)
            #expect(try await w.freedDays().map { $0["doctor_account_id"] } == [account, .null])
        }
    }

    @Test func `time past or outside the hours is told to nobody, time too near to be offered is told as free`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA, [("00:00", "12:00")])
            _ = try await w.join(w.people.john, from: "2027-01-04", to: "2027-01-05")
            w.clock.pass(.seconds(9 * 3600))
            for time in ["08:30", "09:00", "12:00"] { try await w.free("2027-01-04T\(time):00Z") }
            #expect(try await w.events().isEmpty)
            try await w.free("2027-01-04T09:29:59Z")
            #expect(try await w.events() == ["scheduling.slot_freed.v1"])
            try await w.free("2027-01-04T09:30:00Z")
            #expect(try await w.events().last == "scheduling.waitlist_offered.v1")
        }
    }

    @Test func `a hold that ends by itself is told once, and not where its time is taken or it was given back`()
        async throws
    {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            let live = try await w.hold(w.people.doctorA, at: World.ten)
            try await w.expireHolds()
            #expect(try await w.freedDays().isEmpty)
            try await w.lapse(live)
            for _ in 0..<2 { try await w.expireHolds() }
            #expect(try await w.freedDays().count == 1)
            let lapsed = try await w.hold(w.people.doctorA, at: "2027-01-05T11:00:00Z")
            try await w.lapse(lapsed)
            _ = try await w.book(w.people.doctorA, at: "2027-01-05T11:00:00Z", as: w.people.john)
            let given = try await w.hold(w.people.doctorA, at: "2027-01-05T09:00:00Z")
            _ = try await w.ask("releaseHold", as: w.people.jane, id: given)
            try await w.expireHolds()
            #expect(try await w.freedDays().count == 2)
        }
    }

    @Test func `time that becomes free at a closed hospital is offered to nobody`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(.cancelled, w) { w.directory.set { $0.setStatus(w.people.hospitalID, .rejected) } }
            #expect(try await w.status(w.people.john) == "WAITING")
        }
    }

    /// - Parameter meanwhile: done when the time is taken, before it becomes free.
    private func free(_ way: Way, _ w: World, _ meanwhile: () -> Void = {}) async throws {
        if way == .lapsed {
            try await w.lapse(try await w.hold(w.people.doctorA, at: World.ten))
            meanwhile()
            return try await w.expireHolds()
        }
        if way == .released {
            let hold = try await w.hold(w.people.doctorA, at: World.ten)
            meanwhile()
            _ = try await w.ask("releaseHold", as: w.people.jane, id: hold)
            return
        }
        let id = try await w.book(w.people.doctorA).id
        if way != .rejected { _ = try await w.assign(id, w.people.doctorA) }
        meanwhile()
        switch way {
        case .cancelled: _ = try await w.cancel(id)
        case .moved: _ = try await w.reschedule(id, to: "2027-01-06T10:00:00Z")
        case .rejected: _ = try await w.setStatus(id, "REJECTED")
        case .missed: _ = try await w.setStatus(id, "NO_SHOW")
        case .completed: _ = try await w.setStatus(id, "COMPLETED")
        case .reassigned: _ = try await w.assign(id, w.people.doctorB)
        case .released, .lapsed: break
        }
    }
}
