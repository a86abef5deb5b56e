import Kernel
import Postgres
import Scheduling
import SchedulingDomain
import Testing

@Suite struct TellRemindersTests {
    private let store = ReminderStore()

    private func visit(_ w: World, _ start: String) async throws -> ID<Appointment> {
        let text = try await w.visit(
            from: start, patient: w.people.janesRecord, account: w.people.jane.account)
        return try #require(ID<Appointment>(text))
    }

    private func plan(_ w: World, _ id: ID<Appointment>, _ start: String) async throws {
        let start = try #require(Instant(rfc3339: start))
        try await w.database.transaction(as: .service) { tx in
            try await tx.run(
                "update appointment set starts = \(start), ends = \(start + .seconds(1800)) where appointment_id = \(id)"
            )
            try await store.plan(id, start: start, at: w.clock.now, in: tx)
        }
    }

    private func tell(_ w: World) async throws -> Int {
        let before = try await w.events().count
        _ = try await w.composition.schedules.tellReminders.run()
        return try await w.events().count - before
    }

    @Test func `a visit is told of a day and an hour before, once each`() async throws {
        try await withWorld { w in
            let id = try await visit(w, "2027-01-06T09:00:00Z")
            try await plan(w, id, "2027-01-06T09:00:00Z")
            w.clock.pass(.seconds(33 * 3600 - 1))
            #expect(try await tell(w) == 0)
            w.clock.pass(.seconds(1))
            #expect(try await tell(w) == 1)
            #expect(try await tell(w) == 0)
            w.clock.pass(.seconds(23 * 3600))
            #expect(try await tell(w) == 1)
            #expect(try await tell(w) == 0)
            #expect(try await w.told().contains("\"kind\":\"1h\""))
        }
    }

    @Test func `confirmed an hour and a minute ahead it is reminded of, fifty minutes ahead not`() async throws {
        try await withWorld { w in
            let near = try await visit(w, "2027-01-04T00:50:00Z")
            try await plan(w, near, "2027-01-04T00:50:00Z")
            #expect(try await tell(w) == 0)
            let far = try await visit(w, "2027-01-04T02:00:00Z")
            w.clock.pass(.seconds(59 * 60))
            try await plan(w, far, "2027-01-04T02:00:00Z")
            w.clock.pass(.seconds(60))
            #expect(try await tell(w) == 1)
        }
    }

    @Test func `moved twice it is told of the last start alone`() async throws {
        try await withWorld { w in
            let id = try await visit(w, "2027-01-04T03:00:00Z")
            for start in ["2027-01-04T03:00:00Z", "2027-01-04T04:00:00Z", "2027-01-04T05:00:00Z"] {
                try await plan(w, id, start)
            }
            w.clock.pass(.seconds(2 * 3600))
            #expect(try await tell(w) == 0)
            w.clock.pass(.seconds(3600))
            #expect(try await tell(w) == 0)
            w.clock.pass(.seconds(3600))
            #expect(try await tell(w) == 1)
        }
    }

    @Test func `cancelled before it was told it is not told, nor half an hour late`() async throws {
        try await withWorld { w in
            let cancelled = try await visit(w, "2027-01-04T03:00:00Z")
            try await plan(w, cancelled, "2027-01-04T03:00:00Z")
            try await w.database.run(
                "update appointment set status = 'CANCELLED' where appointment_id = \(cancelled)", as: .service)
            try await w.database.run("update claim set held_until = claimed_at", as: .service)
            let late = try await visit(w, "2027-01-04T03:00:00Z")
            try await plan(w, late, "2027-01-04T03:00:00Z")
            w.clock.pass(.seconds(2 * 3600 + 30 * 60))
            #expect(try await tell(w) == 0)
        }
    }

    @Test func `two that tell at once tell once`() async throws {
        try await withWorld(loops: 2) { w in
            for hour in 0..<20 {
                let start = "2027-01-05T\(hour < 10 ? "0" : "")\(hour):00:00Z"
                let id = try await visit(w, start)
                try await plan(w, id, start)
            }
            w.clock.pass(.seconds(3600))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<8 { tasks.addTask { _ = try await w.composition.schedules.tellReminders.run() } }
                try await tasks.waitForAll()
            }
            // That of the visit at 01:00; half an hour is over for the one at 00:00.
            #expect(try await w.events() == ["scheduling.reminder_due.v1"])
        }
    }
}
