package import Events
import Kernel
package import NotifierDomain

/// On whose streams an event is told, or why on nobody's (live.md, the catalogue). A contract test asks for one about
/// each event that clients have a name for. Whoever did it is told, too: another of their screens may show it.
package struct LiveAnswer: Sendable {
    package let event: any EventDeclaration
    /// What clients call it.
    package let name: String
    /// Who hears of it; nobody for an envelope with another event.
    package let hearers: @Sendable (EventEnvelope) throws -> LiveHearers
    /// Why nobody does.
    package let silence: String?

    private static func tell<Fact>(
        _ event: EventType<Fact>, _ hearers: @escaping @Sendable (Fact) -> LiveHearers
    ) -> LiveAnswer {
        LiveAnswer(
            event: event, name: event.outsideName ?? event.name,
            hearers: { try $0.fact(of: event).map(hearers) ?? LiveHearers() }, silence: nil)
    }

    private static func tellNobody(_ event: any EventDeclaration, because reason: String) -> LiveAnswer {
        LiveAnswer(
            event: event, name: event.outsideName ?? event.name, hearers: { _ in LiveHearers() }, silence: reason)
    }
}

extension LiveAnswer {
    package static let all: [LiveAnswer] = accounts + hospitals + scheduling + appointments + records

    private static let accounts: [LiveAnswer] = [
        .tell(Event.passwordChanged) { LiveHearers([$0.account]) },
        .tell(Event.newDeviceSeen) { LiveHearers([$0.account]) },
        .tell(Event.secondFactorEnabled) { LiveHearers([$0.account]) },
        .tell(Event.secondFactorDisabled) { LiveHearers([$0.account]) },
    ]

    private static let hospitals: [LiveAnswer] = [
        .tell(Event.hospitalRegistered) { _ in LiveHearers(administrators: true) },
        .tell(Event.hospitalApproved) { LiveHearers([$0.account]) },
        .tell(Event.hospitalRejected) { LiveHearers([$0.account]) },
        .tell(Event.hospitalDeleted) { LiveHearers([$0.account]) },
        .tell(Event.hospitalDoctorCreated) { LiveHearers(hospital: $0.hospital) },
        .tell(Event.hospitalDoctorDeactivated) { LiveHearers(hospital: $0.hospital) },
    ]

    private static let scheduling: [LiveAnswer] = [
        .tell(Event.scheduleAffected) { fact in
            LiveHearers([fact.schedule.doctorAccount], hospital: fact.schedule.hospital)
        },
        .tell(Event.queueChanged) { LiveHearers([$0.doctorAccount, $0.patientAccount], hospital: $0.hospital) },
        .tell(Event.waitlistOffered) { LiveHearers([$0.patientAccount]) },
        .tell(Event.waitlistPassed) { LiveHearers([$0.patientAccount]) },
        .tell(Event.slotFreed) { LiveHearers([$0.doctorAccount], hospital: $0.hospital) },
        .tell(Event.reminderDue) { LiveHearers([$0.patientAccount]) },
    ]

    private static let appointments: [LiveAnswer] = [
        Event.appointmentRequested, Event.appointmentConfirmed, Event.appointmentRejected, Event.appointmentCancelled,
        Event.appointmentRescheduled, Event.appointmentReassigned, Event.appointmentCheckedIn,
        Event.appointmentCheckInUndone, Event.appointmentCompleted, Event.appointmentMissed,
    ].map { .tell($0) { LiveHearers($0.everybody) } }

    private static let records: [LiveAnswer] = [
        .tell(Event.prescriptionCreated) { LiveHearers([$0.patientAccount, $0.doctorAccount, $0.hospitalAccount]) },
        .tell(Event.prescriptionRevised) { LiveHearers([$0.patientAccount, $0.doctorAccount, $0.hospitalAccount]) },
        .tell(Event.reportUploaded) { LiveHearers([$0.patientAccount, $0.doctorAccount] + $0.readers) },
        .tellNobody(Event.accessCodeRequested, because: "The code goes to the patient's phone; the doctor types it."),
        .tell(Event.accessGranted) { LiveHearers([$0.patientAccount, $0.doctorAccount]) },
        .tell(Event.accessRevoked) { LiveHearers([$0.patientAccount, $0.doctorAccount]) },
        .tell(Event.breakGlassOpened) { fact in
            LiveHearers([fact.patientAccount, fact.doctorAccount, fact.hospitalAccount], administrators: true)
        },
    ]
}
