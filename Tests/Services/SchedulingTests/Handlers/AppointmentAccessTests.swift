import JSON
import Kernel
import Postgres
import Scheduling
import SchedulingDomain
import Testing

/// Every step of every visit by everybody, through the endpoint. Which steps there are is the domain's table, which
/// `AppointmentTransitionsTests` holds against another.
@Suite struct AppointmentAccessTests {
    private struct Attempt: Sendable {
        let caller: Caller
        /// Nil where the visit is none of theirs.
        let actor: AppointmentTransitions.Actor?
    }

    private func attempts(_ people: People) -> [Attempt] {
        [
            Attempt(caller: people.jane, actor: .patient), Attempt(caller: people.hospital, actor: .hospital),
            Attempt(caller: people.doctorA, actor: .doctor), Attempt(caller: people.doctorB, actor: nil),
            Attempt(caller: people.john, actor: nil), Attempt(caller: people.otherHospital, actor: nil),
            Attempt(caller: people.otherDoctor, actor: nil),
        ]
    }

    @Test(arguments: AppointmentStatus.allCases)
    func `each reaches the states that are theirs to give, and what is refused says why and changes nothing`(
        from: AppointmentStatus
    ) async throws {
        try await withWorld { w in
            var start = w.clock.now + .seconds(86_400)
            for attempt in attempts(w.people) {
                for wanted in AppointmentStatus.allCases {
                    start = start + .seconds(3600)
                    let id = try await w.visit(
                        from: start.rfc3339, status: from.rawValue, account: w.people.jane.account)
                    let problem = try await w.refusal {
                        try await w.setStatus(id, wanted.rawValue, as: attempt.caller)
                    }
                    let step = "\(from) to \(wanted) by \(attempt.caller.role)"
                    #expect(problem == expected(from, wanted, attempt.actor), "\(step)")
                    let kept = try await w.ask("getAppointment", as: w.people.hospital, id: id)
                    #expect(kept["status"] == .string((problem == nil ? wanted : from).rawValue), "\(step)")
                    let last = kept["history"]?.array?.last
                    #expect(last?["to_status"] == (problem == nil ? .string(wanted.rawValue) : nil), "\(step)")
                    if problem == nil {
                        #expect(last?["by_role"] == .string(attempt.caller.role.rawValue), "\(step)")
                    }
                }
            }
        }
    }

    private func expected(
        _ from: AppointmentStatus, _ wanted: AppointmentStatus, _ actor: AppointmentTransitions.Actor?
    ) -> Problem? {
        guard let actor else { return .notFound }
        do throws(Problem) {
            try AppointmentTransitions.check(from: from, to: wanted, by: actor, hasDoctor: true)
            return nil
        } catch { return error }
    }

    @Test func `an administrator gives no state, and a visit that is not there is nobody's`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            #expect(try await w.refusal { try await w.setStatus(id, "CANCELLED", as: w.people.admin) } == .forbidden)
            for caller in [w.people.jane, w.people.hospital, w.people.doctorA] {
                let absent = ID<Appointment>.make(at: w.clock.now).description
                #expect(try await w.refusal { try await w.setStatus(absent, "CANCELLED", as: caller) } == .notFound)
                #expect(try await w.refusal { try await w.cancel(absent, as: caller) } == .notFound)
            }
        }
    }

    @Test func `visits of a doctor who was shut out stay readable, movable and cancellable`() async throws {
        try await withWorld { w in
            let id = try await w.book(w.people.doctorA).id
            let other = try await w.book(w.people.doctorA, at: "2027-01-06T10:00:00Z").id
            w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            #expect(try await w.ask("getAppointment", as: w.people.jane, id: id)["doctor_name"] == "Dr. Emily Chen")
            #expect(try await w.reschedule(id, to: "2027-01-05T12:00:00Z").version == 2)
            #expect(try await w.assign(id, w.people.doctorB)["doctor_name"] == "Dr. Raj Patel")
            #expect(try await w.cancel(other, as: w.people.hospital)["status"] == "CANCELLED")
        }
    }
}
