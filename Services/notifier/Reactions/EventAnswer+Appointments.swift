import Events
import Kernel
import NotifierDomain

/// Who hears of a visit by mail or text: those it joins, without whoever did it.
extension EventAnswer {
    static let appointments: [EventAnswer] = [
        .tell(Event.appointmentRequested) { fact in mails(.appointmentRequested, of: fact, to: [fact.hospitalAccount])
        },
        // A patient who booked a time that needs no answer has their confirmation all the same.
        .tell(Event.appointmentConfirmed) { fact in
            let patient = fact.patientAccount.map { [mail(.appointmentConfirmed, of: fact, to: $0)] } ?? []
            return patient + mails(.appointmentConfirmed, of: fact, to: [fact.doctorAccount])
        },
        .tell(Event.appointmentRejected) { mails(.appointmentRejected, of: $0, to: $0.everybody) },
        .tell(Event.appointmentCancelled) { mails(.appointmentCancelled, of: $0, to: $0.everybody) },
        .tell(Event.appointmentRescheduled) { mails(.appointmentRescheduled, of: $0, to: $0.everybody) },
        .tell(Event.appointmentReassigned) { mails(.appointmentReassigned, of: $0, to: $0.everybody) },
        .tellNobody(Event.appointmentCheckedIn, because: "Patient and front desk stand before each other."),
        .tellNobody(Event.appointmentCheckInUndone, because: "The front desk corrects what it wrote."),
        .tellNobody(Event.appointmentCompleted, because: "Whom it joins were there."),
        .tellNobody(Event.appointmentMissed, because: "The front desk writes down what it knows; a mail would blame."),
    ]

    private static func mails(
        _ kind: MessageKind, of fact: AppointmentFact, to accounts: [ID<Account>?]
    ) -> [PlannedDelivery] {
        var told: Set<ID<Account>> = []
        return accounts.compactMap { account in
            guard let account, account != fact.actor, told.insert(account).inserted else { return nil }
            return mail(kind, of: fact, to: account)
        }
    }

    private static func mail(
        _ kind: MessageKind, of fact: AppointmentFact, to account: ID<Account>
    ) -> PlannedDelivery {
        // Texts are for patients.
        account == fact.patientAccount && kind.channels.contains(.sms)
            ? .mailOrText(kind, to: account, about: fact.appointment.retyped(), at: fact.start)
            : .mail(kind, to: account, about: fact.appointment.retyped(), at: fact.start)
    }
}

extension AppointmentFact {
    /// The accounts that a visit joins, and the doctor's whose it was.
    var everybody: [ID<Account>?] { [patientAccount, doctorAccount, formerDoctorAccount, hospitalAccount] }
}
