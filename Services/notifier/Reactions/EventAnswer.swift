package import Events
import Kernel
package import NotifierDomain

/// What notifier does about one event: whom it tells, or why it tells nobody. A contract test asks for one about each
/// event.
package struct EventAnswer: Sendable {
    package let event: any EventDeclaration
    /// The messages that follow; none for an envelope with another event.
    package let plan: @Sendable (EventEnvelope) throws -> [PlannedDelivery]
    /// Why nobody is told, whatever the event carries.
    package let silence: String?

    static func tell<Fact>(
        _ event: EventType<Fact>, _ plan: @escaping @Sendable (Fact) -> [PlannedDelivery]
    ) -> EventAnswer {
        EventAnswer(
            event: event,
            plan: { envelope in try envelope.fact(of: event).map(plan) ?? [] },
            silence: nil)
    }

    static func tellNobody(_ event: any EventDeclaration, because reason: String) -> EventAnswer {
        EventAnswer(event: event, plan: { _ in [] }, silence: reason)
    }
}

extension EventAnswer {
    /// One per event of every service.
    package static let all: [EventAnswer] =
        identity + registry + schedules + queues + waitlist + reminders + appointments
        + prescriptions + reports + access

    private static let identity: [EventAnswer] = [
        // Who has an entry elsewhere proves the email first, and is welcomed then; a hospital is when it is approved.
        .tell(Event.accountRegistered) { fact in
            fact.role == .staff || fact.role == .admin ? [.mail(.welcome, to: fact.account)] : []
        },
        .tell(Event.verificationRequested) { [.mail(.verification, to: $0.account)] },
        .tell(Event.emailVerified) { [.mail(.welcome, to: $0.account)] },
        .tell(Event.reviewAsked) { fact in
            let provider = ID<MessageSubject>(high: fact.account.high, low: fact.account.low)
            return [.mail(.providerReview, to: fact.reviewer, about: provider)]
        },
        .tell(Event.hospitalReviewAsked) { [.mail(.hospitalReview, to: $0.reviewer, about: $0.hospital.retyped())] },
        .tell(Event.breakGlassReported) { [.mail(.breakGlassOpened, to: $0.administrator, about: $0.grant.retyped())] },
        .tell(Event.phoneCodeRequested) { [.text(.phoneCode, to: $0.account)] },
        .tell(Event.passwordResetRequested) { [.mail(.passwordReset, to: $0.account)] },
        .tell(Event.emailChangeRequested) {
            [.mail(.emailChange, to: $0.account), .mail(.emailChangeAsked, to: $0.account)]
        },
        .tell(Event.emailChanged) { [.mail(.emailChanged, to: $0.account)] },
        .tell(Event.passwordChanged) { [.mail(.passwordChanged, to: $0.account)] },
        .tell(Event.newDeviceSeen) { [.mail(.newDevice, to: $0.account)] },
        .tell(Event.secondFactorEnabled) { [.mail(.secondFactorEnabled, to: $0.account)] },
        .tell(Event.secondFactorDisabled) { [.mail(.secondFactorDisabled, to: $0.account)] },
        .tellNobody(Event.accountUpdated, because: "The owner did it and saw the result."),
        .tellNobody(Event.accountActivated, because: "The administrator who did it answers for it; login works again."),
        .tellNobody(Event.accountDeactivated, because: "Nothing is sent to an account that is shut out."),
        .tellNobody(Event.phoneVerified, because: "The owner typed the code and saw the result."),
        .tellNobody(Event.sessionEnded, because: "It is for gateways, which refuse the session's tokens."),
        .tellNobody(Event.sessionsEnded, because: "It is for gateways; what ended the sessions has a mail of its own."),
    ]

    private static let registry: [EventAnswer] = [
        .tell(Event.providerVerified) { [.mail(.providerVerified, to: $0.account)] },
        .tell(Event.providerRejected) { [.mail(.providerRejected, to: $0.account)] },
        .tell(Event.hospitalApproved) { [.mail(.hospitalApproved, to: $0.account, about: $0.hospital.retyped())] },
        .tell(Event.hospitalRejected) { [.mail(.hospitalRejected, to: $0.account, about: $0.hospital.retyped())] },
        .tell(Event.hospitalDeleted) { [.mail(.hospitalDeactivated, to: $0.account, about: $0.hospital.retyped())] },
        .tell(Event.hospitalDoctorCreated) {
            [.mail(.doctorCreated, to: $0.account, about: $0.hospital.retyped())]
        },
        .tell(Event.hospitalDoctorDeactivated) {
            [.mail(.doctorDeactivated, to: $0.account, about: $0.hospital.retyped())]
        },
        .tellNobody(Event.hospitalRegistered, because: "Identity asks administrators, once the account is kept."),
        .tellNobody(Event.hospitalUpdated, because: "The hospital changed it and saw the result."),
        .tellNobody(Event.hospitalDoctorUpdated, because: "The hospital changed it; nothing is asked of the doctor."),
        .tellNobody(Event.hospitalDoctorActivated, because: "The hospital says so itself; login works again."),
        .tellNobody(Event.hospitalDoctorDeleted, because: "Whoever is deleted was told when they were shut out."),
        .tellNobody(Event.providerRegistered, because: "Identity tells it, once the account can log in."),
        .tellNobody(Event.patientCreated, because: "Whoever keeps the record made it."),
        .tellNobody(Event.patientUpdated, because: "Whoever keeps the record changed it."),
        .tellNobody(Event.patientDeleted, because: "Whoever keeps the record deleted it."),
        .tellNobody(Event.doctorCreated, because: "An entry of the directory need not have an account."),
        .tellNobody(Event.doctorUpdated, because: "An entry of the directory need not have an account."),
        .tellNobody(Event.doctorDeleted, because: "An entry of the directory need not have an account."),
        .tellNobody(Event.registeredPatientDeleted, because: "The account is let in no more; nothing is sent to it."),
        .tellNobody(Event.mappingCreated, because: "Whoever keeps the record assigned the doctor."),
        .tellNobody(Event.mappingDeleted, because: "Whoever keeps the record ended the assignment."),
    ]

    private static let schedules: [EventAnswer] = [
        .tellNobody(Event.scheduleUpdated, because: "Whoever changed the hours saw the result."),
        .tellNobody(Event.scheduleExceptionAdded, because: "Whoever added it saw the result."),
        .tellNobody(Event.scheduleExceptionRemoved, because: "Whoever removed it saw the result."),
        .tellNobody(
            Event.scheduleAffected, because: "It stands in the hospital's inbox, for whoever moves the visits."),
    ]

    private static let queues: [EventAnswer] = [
        // Who waits looks at the board; a text goes to those who chose one.
        .tell(Event.queueChanged) { fact in
            guard fact.status == .called, let patient = fact.patientAccount else { return [] }
            return [.text(.queueCalled, to: patient, about: fact.token.retyped())]
        }
    ]

    private static let waitlist: [EventAnswer] = [
        .tell(Event.waitlistOffered) { message(.waitlistOffered, of: $0) },
        .tell(Event.waitlistPassed) { message(.waitlistPassed, of: $0) },
        .tellNobody(Event.slotFreed, because: "Calendars on a screen show it; nobody is asked to do anything."),
    ]

    private static func message(_ kind: MessageKind, of fact: WaitlistFact) -> [PlannedDelivery] {
        [.mailOrText(kind, to: fact.patientAccount, about: fact.entry.retyped(), at: fact.start)]
    }

    private static let reminders: [EventAnswer] = [
        .tell(Event.reminderDue) { fact in
            [
                .mailOrText(
                    .appointmentReminder, to: fact.patientAccount, about: fact.appointment.retyped(), at: fact.start)
            ]
        }
    ]
}
