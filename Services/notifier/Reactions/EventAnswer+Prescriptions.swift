import Events
import Kernel
import NotifierDomain

/// Who hears of a prescription by mail: its patient, who has an account.
extension EventAnswer {
    static let prescriptions: [EventAnswer] = [
        .tell(Event.prescriptionCreated) { mail(.prescriptionCreated, of: $0) },
        .tell(Event.prescriptionRevised) { mail(.prescriptionRevised, of: $0) },
    ]

    private static func mail(_ kind: MessageKind, of fact: PrescriptionFact) -> [PlannedDelivery] {
        fact.patientAccount.map { [.mail(kind, to: $0, about: fact.prescription.retyped())] } ?? []
    }
}
