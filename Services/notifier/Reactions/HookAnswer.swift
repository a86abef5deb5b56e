package import Events
import Kernel
package import NotifierDomain

/// Whose hooks an event reaches, or why nobody's (live.md, the catalogue). A contract test asks for one about each
/// event that clients have a name for.
package struct HookAnswer: Sendable {
    package let event: any EventDeclaration
    /// Whom it reaches; nil for an envelope with another event, and where no hospital is joined.
    package let audience: @Sendable (EventEnvelope) throws -> HookAudience?
    /// Why it is posted to nobody.
    package let silence: String?

    private static func post<Fact>(
        _ event: EventType<Fact>, to audience: @escaping @Sendable (Fact) -> HookAudience?
    ) -> HookAnswer {
        HookAnswer(event: event, audience: { try $0.fact(of: event).flatMap(audience) }, silence: nil)
    }

    private static func postNothing(_ event: any EventDeclaration, because reason: String) -> HookAnswer {
        HookAnswer(event: event, audience: { _ in nil }, silence: reason)
    }
}

extension HookAnswer {
    package static let all: [HookAnswer] = visits + schedules + hospitals + records + identity

    /// By the event's name inside.
    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.event.name, $0) })

    private static let visits: [HookAnswer] =
        [
            Event.appointmentRequested, Event.appointmentConfirmed, Event.appointmentRejected,
            Event.appointmentCancelled, Event.appointmentRescheduled, Event.appointmentReassigned,
            Event.appointmentCheckedIn, Event.appointmentCheckInUndone, Event.appointmentCompleted,
            Event.appointmentMissed,
        ].map { post($0) { .hospital($0.hospital) } }

    private static let schedules: [HookAnswer] = [
        .post(Event.waitlistOffered) { .hospital($0.hospital) },
        .post(Event.waitlistPassed) { .hospital($0.hospital) },
        .post(Event.scheduleAffected) { .hospital($0.schedule.hospital) },
        .postNothing(Event.slotFreed, because: "It is for screens; what freed the time is posted itself."),
        .postNothing(Event.reminderDue, because: "It is the patient's alone."),
        .postNothing(Event.queueChanged, because: "Boards are live streams; a hook would come too late."),
    ]

    private static let hospitals: [HookAnswer] =
        [
            Event.hospitalRegistered, Event.hospitalApproved, Event.hospitalRejected, Event.hospitalDeleted,
        ].map { post($0) { _ in .administrators } }
        + [Event.hospitalDoctorCreated, Event.hospitalDoctorDeactivated].map { post($0) { .hospital($0.hospital) } }

    private static let records: [HookAnswer] = [
        .post(Event.prescriptionCreated) { audience(of: $0.hospital) },
        .post(Event.prescriptionRevised) { audience(of: $0.hospital) },
        .post(Event.breakGlassOpened) { audience(of: $0.hospital) },
        .postNothing(Event.reportUploaded, because: "It is between a patient and who cares for them."),
        .postNothing(Event.accessCodeRequested, because: "It is between a patient and a doctor."),
        .postNothing(Event.accessGranted, because: "It is between a patient and a doctor."),
        .postNothing(Event.accessRevoked, because: "It is between a patient and a doctor."),
    ]

    /// A doctor who registered alone has no hospital.
    private static func audience(of hospital: ID<Hospital>?) -> HookAudience {
        hospital.map { .hospital($0) } ?? .administrators
    }

    private static let identity: [HookAnswer] = [
        .postNothing(Event.passwordChanged, because: "It is the account's alone."),
        .postNothing(Event.newDeviceSeen, because: "It is the account's alone."),
        .postNothing(Event.secondFactorEnabled, because: "It is the account's alone."),
        .postNothing(Event.secondFactorDisabled, because: "It is the account's alone."),
    ]
}
