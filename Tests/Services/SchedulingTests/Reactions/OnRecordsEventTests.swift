import Events
import JSON
import Kernel
import Messaging
import Scheduling
import Testing

@Suite struct OnRecordsEventTests {
    private func handle(_ appointment: String?, _ w: World, as id: ID<EventRecord>? = nil) async throws {
        let fact = PrescriptionFact(
            prescription: ID(high: 0xAE, low: 1), version: 1, patient: w.people.janesRecord,
            patientAccount: w.people.jane.account, doctor: w.people.entry(of: w.people.doctorA),
            doctorAccount: w.people.doctorA.account, hospital: w.people.hospitalID,
            hospitalAccount: w.people.hospital.account, appointment: appointment.flatMap { ID($0) })
        let envelope = EventEnvelope(
            Event.prescriptionCreated(fact), id: id ?? .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
        try await w.composition.visits.handler.handle(envelope)
    }

    @Test func `the visit of a prescription is over, once, whether it was asked for, told or both`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.setStatus(id, "CONFIRMED")
            let event = ID<EventRecord>.make(at: w.clock.now)
            for _ in 0..<2 { try await handle(id, w, as: event) }
            try await handle(id, w)
            let shown = try await w.ask("getAppointment", as: w.people.jane, id: id)
            #expect(shown["status"] == "COMPLETED")
            #expect(shown["history"]?.array?.last?["by_role"] == "doctor")
            let asked = try await w.ask(
                "completeAppointment", as: w.people.doctorA, id: id,
                ["prescription_id": .string(ID<Prescription>(high: 0xAE, low: 1).description)])
            #expect(asked["status"] == "COMPLETED")
            #expect(try await w.events().filter { $0 == "scheduling.appointment_completed.v1" }.count == 1)
        }
    }

    @Test func `a visit that was cancelled meanwhile stays so, and what is written for no visit ends none`()
        async throws
    {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            _ = try await w.setStatus(id, "CANCELLED")
            try await handle(id, w)
            try await handle(nil, w)
            try await handle(ID<Appointment>.make(at: w.clock.now).description, w)
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: id)["status"] == "CANCELLED")
        }
    }
}
