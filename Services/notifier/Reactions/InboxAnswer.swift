package import Events
import Kernel
package import NotifierDomain

/// In whose inbox an event stands, or why in nobody's (live.md, the catalogue). A contract test asks for one about each
/// event that clients have a name for.
package struct InboxAnswer: Sendable {
    package let event: any EventDeclaration
    /// The messages that follow; none for an envelope with another event.
    package let plan: @Sendable (EventEnvelope) throws -> [PlannedInboxMessage]
    /// Why it stands in nobody's inbox.
    package let silence: String?

    private static func keep<Fact>(
        _ event: EventType<Fact>, _ plan: @escaping @Sendable (Fact) -> [PlannedInboxMessage]
    ) -> InboxAnswer {
        InboxAnswer(event: event, plan: { try $0.fact(of: event).map(plan) ?? [] }, silence: nil)
    }

    private static func tellNobody(_ event: any EventDeclaration, because reason: String) -> InboxAnswer {
        InboxAnswer(event: event, plan: { _ in [] }, silence: reason)
    }
}

extension InboxAnswer {
    package static let all: [InboxAnswer] =
        identity + registry + scheduling + appointments + prescriptions + reports + access

    private static let identity: [InboxAnswer] = [
        .keep(Event.passwordChanged) { [.about(.passwordChanged, $0.account)] },
        .keep(Event.newDeviceSeen) { [.about(.deviceNew, $0.account)] },
        .keep(Event.secondFactorEnabled) { [.about(.secondFactorEnabled, $0.account)] },
        .keep(Event.secondFactorDisabled) { [.about(.secondFactorDisabled, $0.account)] },
        // One event for each administrator; none but these two name them.
        .keep(Event.hospitalReviewAsked) { fact in
            [PlannedInboxMessage(.hospitalRegistered, to: fact.reviewer, about: fact.hospital.retyped())]
        },
        .keep(Event.breakGlassReported) { fact in
            [PlannedInboxMessage(.accessBreakGlass, to: fact.administrator, about: fact.grant.retyped())]
        },
    ]

    private static let registry: [InboxAnswer] = [
        .tellNobody(Event.hospitalRegistered, because: "Identity asks each administrator, once the account is kept."),
        .keep(Event.hospitalApproved) { [.about(.hospitalApproved, $0)] },
        .keep(Event.hospitalRejected) { [.about(.hospitalRejected, $0)] },
        .keep(Event.hospitalDeleted) { [.about(.hospitalDeactivated, $0)] },
        .tellNobody(Event.hospitalDoctorCreated, because: "The hospital did it and saw the result."),
        .tellNobody(Event.hospitalDoctorDeactivated, because: "The hospital did it; the doctor is let in no more."),
    ]

    private static let scheduling: [InboxAnswer] = [
        // A hospital that changed the hours itself has the visits in its answer.
        .keep(Event.scheduleAffected) { fact in
            guard let account = fact.schedule.hospitalAccount, account != fact.schedule.actor else { return [] }
            return [PlannedInboxMessage(.scheduleAffected, to: account, about: fact.schedule.doctor.retyped())]
        },
        .tellNobody(Event.queueChanged, because: "Who waits looks at the board."),
        .keep(Event.waitlistOffered) { [.about(.waitlistOffered, $0)] },
        .keep(Event.waitlistPassed) { [.about(.waitlistPassed, $0)] },
        .tellNobody(Event.slotFreed, because: "Calendars on a screen show it; nobody is asked to do anything."),
        .keep(Event.reminderDue) { fact in
            [
                PlannedInboxMessage(
                    .appointmentReminder, to: fact.patientAccount, about: fact.appointment.retyped(),
                    starts: fact.start)
            ]
        },
    ]

    private static let prescriptions: [InboxAnswer] = [
        .keep(Event.prescriptionCreated) { PlannedInboxMessage.about(.prescriptionCreated, $0) },
        .keep(Event.prescriptionRevised) { PlannedInboxMessage.about(.prescriptionRevised, $0) },
    ]

    private static let reports: [InboxAnswer] = [
        .keep(Event.reportUploaded) { fact in
            guard let patient = fact.patientAccount, patient != fact.uploadedBy else { return [] }
            return [PlannedInboxMessage(.reportUploaded, to: patient, about: fact.report.retyped())]
        }
    ]

    private static let access: [InboxAnswer] = [
        .keep(Event.accessCodeRequested) { fact in
            [PlannedInboxMessage(.accessCodeRequested, to: fact.patientAccount, about: fact.patient.retyped())]
        },
        .keep(Event.accessGranted) { told(.accessGranted, of: $0, [$0.patientAccount]) },
        .keep(Event.accessRevoked) { told(.accessRevoked, of: $0, [$0.patientAccount]) },
        .keep(Event.breakGlassOpened) { told(.accessBreakGlass, of: $0, [$0.patientAccount, $0.hospitalAccount]) },
    ]

    private static func told(
        _ kind: InboxKind, of fact: AccessGrantFact, _ accounts: [ID<Account>?]
    ) -> [PlannedInboxMessage] {
        accounts.compactMap { account in
            account.map { PlannedInboxMessage(kind, to: $0, about: fact.grant.retyped()) }
        }
    }

    private static let appointments: [InboxAnswer] = [
        .keep(Event.appointmentRequested) {
            told(.appointmentRequested, of: $0, [$0.hospitalAccount, $0.doctorAccount])
        },
        // A patient who booked a time that needs no answer has the confirmation all the same.
        .keep(Event.appointmentConfirmed) { fact in
            told(.appointmentConfirmed, of: fact, [fact.patientAccount], besides: nil)
                + told(.appointmentConfirmed, of: fact, [fact.doctorAccount])
        },
        .keep(Event.appointmentRejected) { told(.appointmentRejected, of: $0, $0.everybody) },
        .keep(Event.appointmentCancelled) { told(.appointmentCancelled, of: $0, $0.everybody) },
        .keep(Event.appointmentRescheduled) { told(.appointmentRescheduled, of: $0, $0.everybody) },
        .keep(Event.appointmentReassigned) { told(.appointmentReassigned, of: $0, $0.everybody) },
        .tellNobody(Event.appointmentCheckedIn, because: "Patient and front desk stand before each other."),
        .tellNobody(Event.appointmentCheckInUndone, because: "The front desk corrects what it wrote."),
        .tellNobody(Event.appointmentCompleted, because: "Whom it joins were there."),
        .tellNobody(Event.appointmentMissed, because: "The front desk writes down what it knows."),
    ]

    /// Those of the accounts that did not do it themselves.
    private static func told(
        _ kind: InboxKind, of fact: AppointmentFact, _ accounts: [ID<Account>?]
    ) -> [PlannedInboxMessage] {
        told(kind, of: fact, accounts, besides: fact.actor)
    }

    private static func told(
        _ kind: InboxKind, of fact: AppointmentFact, _ accounts: [ID<Account>?], besides actor: ID<Account>?
    ) -> [PlannedInboxMessage] {
        var told: Set<ID<Account>> = []
        return accounts.compactMap { account in
            guard let account, account != actor, told.insert(account).inserted else { return nil }
            return PlannedInboxMessage(kind, to: account, about: fact.appointment.retyped(), starts: fact.start)
        }
    }
}

extension PlannedInboxMessage {
    fileprivate static func about(_ kind: InboxKind, _ account: ID<Account>) -> PlannedInboxMessage {
        PlannedInboxMessage(kind, to: account, about: account.retyped())
    }

    fileprivate static func about(_ kind: InboxKind, _ fact: HospitalFact) -> PlannedInboxMessage {
        PlannedInboxMessage(kind, to: fact.account, about: fact.hospital.retyped())
    }

    /// For the patient; nobody's where the record has no account.
    fileprivate static func about(_ kind: InboxKind, _ fact: PrescriptionFact) -> [PlannedInboxMessage] {
        fact.patientAccount.map { [PlannedInboxMessage(kind, to: $0, about: fact.prescription.retyped())] } ?? []
    }

    fileprivate static func about(_ kind: InboxKind, _ fact: WaitlistFact) -> PlannedInboxMessage {
        PlannedInboxMessage(kind, to: fact.patientAccount, about: fact.entry.retyped(), starts: fact.start)
    }
}
