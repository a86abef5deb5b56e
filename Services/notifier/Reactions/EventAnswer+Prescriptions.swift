import Events
import Kernel
import NotifierDomain

/// Who hears of a prescription by mail or text: its patient, who has an account.
extension EventAnswer {
    static let prescriptions: [EventAnswer] = [
        .tell(Event.prescriptionCreated) { message(.prescriptionCreated, of: $0) },
        .tell(Event.prescriptionRevised) { message(.prescriptionRevised, of: $0) },
    ]

    private static func message(_ kind: MessageKind, of fact: PrescriptionFact) -> [PlannedDelivery] {
        fact.patientAccount.map { [.mailOrText(kind, to: $0, about: fact.prescription.retyped())] } ?? []
    }
}
