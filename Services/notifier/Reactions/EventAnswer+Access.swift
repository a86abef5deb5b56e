import Events
import Kernel
import NotifierDomain

/// Who hears of access to a patient's records: the patient always, and of broken glass the hospital too; administrators
/// hear of it by identity's event.
extension EventAnswer {
    static let access: [EventAnswer] = [
        .tell(Event.accessCodeRequested) { fact in
            [.text(.accessCode, to: fact.patientAccount, about: fact.code.retyped())]
        },
        .tell(Event.accessGranted) { fact in mails(.accessGranted, of: fact, to: [fact.patientAccount]) },
        .tell(Event.accessRevoked) { fact in mails(.accessRevoked, of: fact, to: [fact.patientAccount]) },
        .tell(Event.breakGlassOpened) { fact in
            mails(.breakGlassOpened, of: fact, to: [fact.patientAccount, fact.hospitalAccount])
        },
    ]

    private static func mails(
        _ kind: MessageKind, of fact: AccessGrantFact, to accounts: [ID<Account>?]
    ) -> [PlannedDelivery] {
        accounts.compactMap { account in account.map { .mail(kind, to: $0, about: fact.grant.retyped()) } }
    }
}
