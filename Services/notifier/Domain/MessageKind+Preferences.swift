package import Kernel

extension MessageKind {
    /// By which choice of its recipient it goes. What carries a secret, and what an owner must hear, is of the locked
    /// kinds.
    package var preference: PreferenceKind {
        switch self {
        case .appointmentRequested, .appointmentConfirmed, .appointmentRejected, .appointmentCancelled,
            .appointmentRescheduled, .appointmentReassigned, .queueCalled:
            .appointment
        case .appointmentReminder: .reminder
        case .waitlistOffered, .waitlistPassed: .waitlist
        case .prescriptionCreated, .prescriptionRevised, .reportUploaded: .prescription
        case .accessGranted, .accessRevoked: .access
        case .breakGlassOpened: .breakGlass
        case .welcome, .providerReview, .providerVerified, .providerRejected, .hospitalReview, .hospitalApproved,
            .hospitalRejected, .hospitalDeactivated, .doctorCreated, .doctorDeactivated:
            .product
        case .verification, .phoneCode, .accessCode, .passwordReset, .passwordChanged, .newDevice,
            .secondFactorEnabled, .secondFactorDisabled, .emailChange, .emailChangeAsked, .emailChanged,
            .webhookFailing, .webhookDisabled:
            .security
        }
    }
}

extension InboxKind {
    /// By which choice of its owner it is kept.
    package var preference: PreferenceKind {
        switch self {
        case .appointmentRequested, .appointmentConfirmed, .appointmentRejected, .appointmentCancelled,
            .appointmentRescheduled, .appointmentReassigned, .scheduleAffected:
            .appointment
        case .appointmentReminder: .reminder
        case .waitlistOffered, .waitlistPassed: .waitlist
        case .prescriptionCreated, .prescriptionRevised, .reportUploaded: .prescription
        case .accessGranted, .accessRevoked: .access
        case .accessBreakGlass: .breakGlass
        case .hospitalRegistered, .hospitalApproved, .hospitalRejected, .hospitalDeactivated: .product
        case .accessCodeRequested, .passwordChanged, .deviceNew, .secondFactorEnabled, .secondFactorDisabled,
            .webhookFailing, .webhookDisabled:
            .security
        }
    }
}

extension NotificationPreferences {
    /// The channels by which a message goes, the next one when the one before fails for good; none where nobody wants
    /// it.
    package func channels(of planned: PlannedDelivery) -> [MessageChannel] {
        let preference = planned.kind.preference
        guard !preference.isLocked else { return planned.channels }
        return channels(of: preference).filter { planned.channels.contains($0) }
    }

    /// The ways of a kind that are no inbox, in their order.
    package func channels(of kind: PreferenceKind) -> [MessageChannel] {
        ways(of: kind).compactMap(MessageChannel.init)
    }

    package func wants(_ planned: PlannedInboxMessage) -> Bool {
        ways(of: planned.kind.preference).contains(.inApp)
    }
}

extension MessageChannel {
    /// Nil of the inbox, whose messages are not brought anywhere.
    fileprivate init?(_ way: NotificationWay) {
        switch way {
        case .inApp: return nil
        case .email: self = .email
        case .sms: self = .sms
        }
    }
}
