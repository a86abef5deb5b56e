import Events
import Kernel
import NotifierDomain

/// Who hears of a report by mail: its patient, where somebody else added it.
extension EventAnswer {
    static let reports: [EventAnswer] = [
        .tell(Event.reportUploaded) { fact in
            guard let patient = fact.patientAccount, patient != fact.uploadedBy else { return [] }
            return [.mail(.reportUploaded, to: patient, about: fact.report.retyped())]
        },
        .tellNobody(Event.reportDeleted, because: "Only who uploaded it takes it back, and saw the result."),
    ]
}
