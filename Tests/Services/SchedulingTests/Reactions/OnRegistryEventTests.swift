import Events
import JSON
import Kernel
import Messaging
import Postgres
import Scheduling
import Testing

@Suite struct OnRegistryEventTests {
    private func handle(_ event: Event, _ w: World) async throws -> Bool {
        let envelope = EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
        return try await w.composition.visits.handler.handle(envelope)
    }

    @Test(arguments: [Event.hospitalRejected, Event.hospitalDeleted])
    func `at a hospital that was rejected or deleted visits ahead are cancelled, and told once`(
        event: EventType<HospitalFact>
    ) async throws {
        try await withWorld { w in
            let ahead = try await w.book(w.people.doctorA).id
            let other = HospitalFact(hospital: .make(at: w.clock.now), account: w.people.hospital.account, version: 2)
            _ = try await handle(event(other), w)
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: ahead)["status"] == "REQUESTED")

            let fact = HospitalFact(
                hospital: w.people.hospitalID, account: w.people.hospital.account, version: 2)
            #expect(try await handle(event(fact), w))
            let cancelled = try await w.ask("getAppointment", as: w.people.jane, id: ahead)
            #expect(cancelled["status"] == "CANCELLED")
            #expect(cancelled["history"]?.array?.last?["by_role"] == "admin")
            #expect(try await w.busy().isEmpty)
            #expect(
                try await w.events() == [
                    "scheduling.appointment_requested.v1", "scheduling.appointment_cancelled.v1",
                ])
        }
    }

    @Test func `a past visit at a deleted hospital stays readable, with the names of hospital and doctor`()
        async throws
    {
        try await withWorld { w in
            let past = try await w.visit(
                from: "2027-01-03T09:00:00Z", status: "COMPLETED", patient: w.people.janesRecord,
                account: w.people.jane.account)
            w.directory.set { state in
                state.setStatus(w.people.hospitalID, .rejected)
                state.setActive(w.people.entry(of: w.people.doctorA), false)
            }
            let fact = HospitalFact(hospital: w.people.hospitalID, account: w.people.hospital.account, version: 2)
            #expect(try await handle(.hospitalDeleted(fact), w))
            let shown = try await w.ask("getAppointment", as: w.people.jane, id: past)
            #expect(shown["status"] == "COMPLETED" && shown["hospital_name"] == "General Hospital")
            #expect(shown["doctor_name"] == "Dr. Emily Chen")
        }
    }

    @Test(arguments: [Event.hospitalRejected, Event.hospitalDeleted])
    func `time freed at a closed hospital is offered to nobody, and a number of its queue ends with the visit`(
        event: EventType<HospitalFact>
    ) async throws {
        try await withWorld { w in
            // Nine in the morning of the visit's day, which begins at ten.
            let visit = try await w.book(w.people.doctorA).id
            _ = try await w.ask(
                "joinWaitlist", as: w.people.john,
                ["hospital_id": .string(w.people.hospitalID.description), "from": "2027-01-05", "to": "2027-01-05"])
            w.clock.pass(.seconds(33 * 3600))
            for status in ["CONFIRMED", "CHECKED_IN"] { _ = try await w.setStatus(visit, status) }
            func numbers() async throws -> [String] {
                try await w.database.read(Column<String>("status"), as: .service) { "select \($0) from queue_token" }
            }
            #expect(try await numbers() == ["WAITING"])
            let fact = HospitalFact(
                hospital: w.people.hospitalID, account: w.people.hospital.account, version: 2)
            #expect(try await handle(event(fact), w))
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: visit)["status"] == "CANCELLED")
            #expect(try await numbers() == ["LEFT"])
            let waiting = try await w.ask("listWaitlist", as: w.people.john).json.array?.first
            #expect(waiting?["status"] == "WAITING" && waiting?["offer"] == .null)
            #expect(try await w.busy().isEmpty)
        }
    }
}
