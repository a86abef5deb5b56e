import Events
import JSON
import Kernel
import Notifier
import NotifierDomain
import Testing

struct EventAnswerTests {
    private static let account = ID<Account>(high: 1, low: 1)
    private static let reviewer = ID<Account>(high: 2, low: 2)

    private func plan(_ event: Event) throws -> [PlannedDelivery] {
        let envelope = EventEnvelope(event, id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
        return try EventAnswer.all.flatMap { try $0.plan(envelope) }
    }

    @Test func `an event tells the person it is about, by a channel the message has words for`() throws {
        let fact = AccountFact(account: Self.account, role: .staff)
        let session = SessionFact(account: Self.account, session: ID(high: 3, low: 3))
        let provider = ProviderFact(provider: ID(high: 4, low: 4), account: Self.account)
        let expected: [(Event, MessageKind)] = [
            (.accountRegistered(fact), .welcome), (.emailVerified(fact), .welcome),
            (.verificationRequested(fact), .verification), (.phoneCodeRequested(fact), .phoneCode),
            (.passwordResetRequested(fact), .passwordReset), (.passwordChanged(fact), .passwordChanged),
            (.newDeviceSeen(session), .newDevice), (.secondFactorEnabled(fact), .secondFactorEnabled),
            (.secondFactorDisabled(fact), .secondFactorDisabled), (.providerVerified(provider), .providerVerified),
            (.providerRejected(provider), .providerRejected),
        ]
        for (event, kind) in expected {
            let planned = try plan(event)
            #expect(planned.map(\.kind) == [kind] && planned.map(\.recipient) == [Self.account])
            #expect(Set(try #require(planned.first).channels).isSubset(of: kind.channels))
        }
    }

    @Test func `a review is told to the administrator, not to the provider`() throws {
        let review = ReviewFact(account: Self.account, reviewer: Self.reviewer)
        let provider = ID<MessageSubject>(high: Self.account.high, low: Self.account.low)
        #expect(try plan(.reviewAsked(review)) == [.mail(.providerReview, to: Self.reviewer, about: provider)])
    }

    @Test func `a hospital and its doctors are told by mail what was decided about them`() throws {
        let hospital = HospitalFact(hospital: ID(high: 5, low: 5), account: Self.account, version: 2)
        let doctor = HospitalDoctorFact(
            doctor: ID(high: 6, low: 6), hospital: hospital.hospital, account: Self.account, version: 2)
        let expected: [(Event, MessageKind)] = [
            (.hospitalApproved(hospital), .hospitalApproved), (.hospitalRejected(hospital), .hospitalRejected),
            (.hospitalDeleted(hospital), .hospitalDeactivated), (.hospitalDoctorCreated(doctor), .doctorCreated),
            (.hospitalDoctorDeactivated(doctor), .doctorDeactivated),
        ]
        for (event, kind) in expected {
            #expect(try plan(event) == [.mail(kind, to: Self.account, about: ID(high: 5, low: 5))])
        }
        let review = HospitalReviewFact(account: Self.account, hospital: hospital.hospital, reviewer: Self.reviewer)
        #expect(
            try plan(.hospitalReviewAsked(review)) == [
                .mail(.hospitalReview, to: Self.reviewer, about: ID(high: 5, low: 5))
            ])
    }

    @Test func `of broken glass patient and hospital are mailed, and each administrator`() throws {
        let grant = ID<AccessGrant>(high: 5, low: 5)
        let fact = AccessGrantFact(
            patient: ID(high: 1, low: 1), grant: grant, patientAccount: Self.account, doctor: nil,
            doctorAccount: ID(high: 3, low: 3), hospital: ID(high: 4, low: 4), hospitalAccount: Self.reviewer,
            expiresAt: Instant(seconds: 0))
        let mail = { (account: ID<Account>) in
            PlannedDelivery.mail(.breakGlassOpened, to: account, about: grant.retyped())
        }
        #expect(try plan(.breakGlassOpened(fact)) == [mail(Self.account), mail(Self.reviewer)])
        let report = BreakGlassReportFact(grant: grant, administrator: Self.reviewer)
        #expect(try plan(.breakGlassReported(report)) == [mail(Self.reviewer)])
    }

    @Test(arguments: [Role.doctor, .patient, .hospital])
    func `who has an entry elsewhere is not welcomed before it is proven or approved`(role: Role) throws {
        #expect(try plan(.accountRegistered(AccountFact(account: Self.account, role: role))).isEmpty)
    }

    @Test func `data that does not fit is a problem for the dead letters`() throws {
        let good = EventEnvelope(
            .passwordChanged(AccountFact(account: Self.account, role: .staff)), id: ID(high: 9, low: 9),
            at: Instant(seconds: 0), traceparent: nil)
        let json = good.json.bytes
        let text = String(decoding: json, as: UTF8.self).replacing("\"staff\"", with: "\"nobody\"")
        let bad = try EventEnvelope(json: JSONReader.read(Array(text.utf8)))
        #expect(throws: Problem.self) { for answer in EventAnswer.all { _ = try answer.plan(bad) } }
    }
}

/// Who hears of a prescription: its patient.
struct PrescriptionAnswersTests {
    @Test(arguments: [
        (Event.prescriptionCreated, MessageKind.prescriptionCreated),
        (Event.prescriptionRevised, MessageKind.prescriptionRevised),
    ])
    func `the patient of a prescription is told by mail or text; a record without an account has nobody to tell`(
        event: EventType<PrescriptionFact>, kind: MessageKind
    ) throws {
        let (patient, doctor) = (ID<Account>(high: 1, low: 1), ID<Account>(high: 1, low: 2))
        for account in [patient, nil] {
            let fact = PrescriptionFact(
                prescription: ID(high: 7, low: 7), version: 1, patient: ID(high: 8, low: 8), patientAccount: account,
                doctor: nil, doctorAccount: doctor, hospital: nil, hospitalAccount: nil, appointment: nil)
            let envelope = EventEnvelope(
                event(fact), id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
            let planned = try EventAnswer.all.flatMap { try $0.plan(envelope) }
            #expect(planned == (account.map { [.mailOrText(kind, to: $0, about: ID(high: 7, low: 7))] } ?? []))
        }
    }
}

/// Who hears of a report: its patient, where somebody else added it.
struct ReportAnswersTests {
    @Test func `the patient is told of a file that another added, and of none of their own`() throws {
        let (patient, doctor) = (ID<Account>(high: 1, low: 1), ID<Account>(high: 1, low: 2))
        for (account, uploader, isTold) in [(patient, doctor, true), (patient, patient, false), (nil, doctor, false)] {
            let fact = ReportFact(
                report: ID(high: 7, low: 7), patient: ID(high: 8, low: 8), patientAccount: account,
                uploadedBy: uploader, doctorAccount: nil, appointment: nil)
            let envelope = EventEnvelope(
                .reportUploaded(fact), id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
            let mails = try EventAnswer.all.flatMap { try $0.plan(envelope) }
            #expect(mails == (isTold ? [.mail(.reportUploaded, to: patient, about: ID(high: 7, low: 7))] : []))
            #expect(try InboxAnswer.all.flatMap { try $0.plan(envelope) }.count == (isTold ? 1 : 0))
        }
    }
}

/// Who hears of a visit: those it joins, but for whoever did it.
struct AppointmentAnswersTests {
    private let patient = ID<Account>(high: 1, low: 1)
    private let doctor = ID<Account>(high: 1, low: 2)
    private let former = ID<Account>(high: 1, low: 3)
    private let hospital = ID<Account>(high: 1, low: 4)
    private let start = Instant(seconds: 1_800_000_000)

    private func fact(by actor: ID<Account>?, patient: ID<Account>?) -> AppointmentFact {
        AppointmentFact(
            appointment: ID(high: 2, low: 1), hospital: ID(high: 2, low: 2), hospitalAccount: hospital, department: nil,
            doctor: ID(high: 2, low: 3), doctorAccount: doctor, patient: ID(high: 2, low: 4), patientAccount: patient,
            status: .confirmed, start: start, actor: actor, formerDoctor: ID(high: 2, low: 5),
            formerDoctorAccount: former)
    }

    private func told(_ event: Event) throws -> Set<ID<Account>> {
        let envelope = EventEnvelope(event, id: ID(high: 9, low: 9), at: Instant(seconds: 0), traceparent: nil)
        let plans = try EventAnswer.all.flatMap { try $0.plan(envelope) }
        #expect(plans.allSatisfy { $0.subject == ID(high: 2, low: 1) && $0.start == start })
        #expect(plans.allSatisfy { $0.channels.contains(.email) })
        // Texts are the patient's alone.
        #expect(plans.allSatisfy { $0.channels.contains(.sms) == ($0.recipient == patient) })
        return Set(plans.map(\.recipient))
    }

    @Test func `a mail goes to those a visit joins, and not to whoever did it`() throws {
        let byPatient = fact(by: patient, patient: patient)
        #expect(try told(.appointmentRequested(byPatient)) == [hospital])
        #expect(try told(.appointmentConfirmed(byPatient)) == [patient, doctor])
        #expect(try told(.appointmentCancelled(byPatient)) == [doctor, former, hospital])
        let byHospital = fact(by: hospital, patient: patient)
        #expect(try told(.appointmentReassigned(byHospital)) == [patient, doctor, former])
        #expect(try told(.appointmentRescheduled(byHospital)) == [patient, doctor, former])
        #expect(try told(.appointmentRejected(byHospital)) == [patient, doctor, former])
        #expect(try told(.appointmentCheckedIn(byHospital)).isEmpty)
        #expect(try told(.appointmentConfirmed(fact(by: hospital, patient: nil))) == [doctor])
        #expect(
            try told(.appointmentCancelled(fact(by: nil, patient: patient))) == [patient, doctor, former, hospital])
    }

    @Test func `a reminder goes to the patient alone`() throws {
        let fact = ReminderFact(
            appointment: ID(high: 2, low: 1), kind: .hourBefore, hospital: ID(high: 2, low: 2),
            doctor: ID(high: 2, low: 3), doctorAccount: doctor, patient: ID(high: 2, low: 4), patientAccount: patient,
            start: start)
        #expect(try told(.reminderDue(fact)) == [patient])
    }

    @Test func `an offer is told to who waits, and so is that it went to the next`() throws {
        let fact = WaitlistFact(
            entry: ID(high: 2, low: 1), patientAccount: patient, hospital: ID(high: 2, low: 2),
            doctor: ID(high: 2, low: 3), start: start)
        #expect(try told(.waitlistOffered(fact)) == [patient])
        #expect(try told(.waitlistPassed(fact)) == [patient])
    }
}
