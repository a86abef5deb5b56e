import Events
import Kernel
import Notifier
import NotifierDomain
import Testing

struct InboxAnswerTests {
    private let patient = ID<Account>(high: 1, low: 1)
    private let doctor = ID<Account>(high: 1, low: 2)
    private let former = ID<Account>(high: 1, low: 3)
    private let hospital = ID<Account>(high: 1, low: 4)

    private func plan(_ event: Event) throws -> [PlannedInboxMessage] {
        let envelope = EventEnvelope(event, id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
        return try InboxAnswer.all.flatMap { try $0.plan(envelope) }
    }

    private func fact(by actor: ID<Account>?) -> AppointmentFact {
        AppointmentFact(
            appointment: ID(high: 2, low: 1), hospital: ID(high: 2, low: 2), hospitalAccount: hospital, department: nil,
            doctor: ID(high: 2, low: 3), doctorAccount: doctor, patient: ID(high: 2, low: 4), patientAccount: patient,
            status: .confirmed, start: Instant(seconds: 60), actor: actor, formerDoctor: ID(high: 2, low: 5),
            formerDoctorAccount: former)
    }

    private func told(_ event: Event) throws -> Set<ID<Account>> {
        let planned = try plan(event)
        #expect(planned.allSatisfy { $0.subject == ID(high: 2, low: 1) && $0.starts == Instant(seconds: 60) })
        #expect(Set(planned.map(\.recipient)).count == planned.count)
        return Set(planned.map(\.recipient))
    }

    @Test func `a visit stands in the inbox of those it joins, and not of whoever changed it`() throws {
        #expect(try told(.appointmentRequested(fact(by: patient))) == [hospital, doctor])
        #expect(try told(.appointmentConfirmed(fact(by: hospital))) == [patient, doctor])
        #expect(try told(.appointmentConfirmed(fact(by: patient))) == [patient, doctor])
        #expect(try told(.appointmentCancelled(fact(by: patient))) == [doctor, former, hospital])
        #expect(try told(.appointmentRescheduled(fact(by: hospital))) == [patient, doctor, former])
        #expect(try told(.appointmentReassigned(fact(by: hospital))) == [patient, doctor, former])
        #expect(try told(.appointmentRejected(fact(by: hospital))) == [patient, doctor, former])
        #expect(try told(.appointmentCheckedIn(fact(by: hospital))).isEmpty)
        #expect(try told(.appointmentCompleted(fact(by: doctor))).isEmpty)
    }

    @Test func `visits outside changed hours stand in the hospital's inbox, but for what it changed itself`() throws {
        func fact(by actor: ID<Account>?, hospital: ID<Account>?) -> ScheduleAffectedFact {
            ScheduleAffectedFact(
                schedule: ScheduleFact(
                    doctor: ID(high: 2, low: 3), hospital: ID(high: 2, low: 2), doctorAccount: doctor,
                    hospitalAccount: hospital, actor: actor), appointments: [ID(high: 2, low: 1)])
        }
        #expect(
            try plan(.scheduleAffected(fact(by: doctor, hospital: hospital))) == [
                PlannedInboxMessage(.scheduleAffected, to: hospital, about: ID(high: 2, low: 3))
            ])
        #expect(try plan(.scheduleAffected(fact(by: hospital, hospital: hospital))).isEmpty)
        #expect(try plan(.scheduleAffected(fact(by: nil, hospital: nil))).isEmpty)
    }

    @Test func `each administrator who is asked about a hospital finds it`() throws {
        let fact = HospitalReviewFact(account: hospital, hospital: ID(high: 5, low: 5), reviewer: former)
        #expect(
            try plan(.hospitalReviewAsked(fact)) == [
                PlannedInboxMessage(.hospitalRegistered, to: former, about: ID(high: 5, low: 5))
            ])
    }

    @Test func `each administrator finds broken glass`() throws {
        let fact = BreakGlassReportFact(grant: ID(high: 5, low: 5), administrator: former)
        #expect(
            try plan(.breakGlassReported(fact)) == [
                PlannedInboxMessage(.accessBreakGlass, to: former, about: ID(high: 5, low: 5))
            ])
    }

    @Test func `a kind has the name that clients know its event by`() throws {
        for answer in InboxAnswer.all {
            let envelope = EventEnvelope(
                answer.event.sample, id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
            for message in try answer.plan(envelope) where answer.event.outsideName != nil {
                #expect(message.kind.rawValue == answer.event.outsideName)
            }
        }
    }

    @Test func `no sentence names an illness, a department or a medicine, and only reminders remind`() {
        let forbidden = ["diagnos", "medic", "department", "illness", "prescri", "special"]
        for kind in InboxKind.allCases {
            let words = "\(kind.title) \(kind.body)".lowercased()
            #expect(forbidden.allSatisfy { !words.contains($0) })
            #expect(words.contains("remind") == (kind == .appointmentReminder))
            #expect(words.contains("confirm") == (kind == .appointmentConfirmed))
        }
    }
}
