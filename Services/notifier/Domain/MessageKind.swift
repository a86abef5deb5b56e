// NotifierDomain: which messages are sent to whom, with which text, and how often they are tried. Functions of values:
// time and randomness are arguments. The service sends.

/// What a message is about. The raw value is kept in the database and is the name of the templates; no kind names an
/// illness.
package enum MessageKind: String, Sendable, CaseIterable {
    case welcome
    /// A link that proves the recipient's email.
    case verification
    /// To an administrator: a provider waits to be verified.
    case providerReview = "provider_review"
    // An administrator's decision about the recipient. The reason is in their entry, not in the mail.
    case providerVerified = "provider_verified"
    case providerRejected = "provider_rejected"
    // What happened to a visit. They name hospital, doctor and time, never the reason of the visit.
    case appointmentRequested = "appointment_requested"
    case appointmentConfirmed = "appointment_confirmed"
    case appointmentRejected = "appointment_rejected"
    case appointmentCancelled = "appointment_cancelled"
    case appointmentRescheduled = "appointment_rescheduled"
    case appointmentReassigned = "appointment_reassigned"
    /// A visit is a day or an hour ahead: the only kind that reminds.
    case appointmentReminder = "appointment_reminder"
    /// To a patient in a doctor's walk-in queue: their number is called.
    case queueCalled = "queue_called"
    // To a patient on the waitlist: a time is kept for them, and one that they did not take went to the next.
    case waitlistOffered = "waitlist_offered"
    case waitlistPassed = "waitlist_passed"
    // To a patient: who wrote or changed a prescription and where, never what is in it.
    case prescriptionCreated = "prescription_created"
    case prescriptionRevised = "prescription_revised"
    /// To a patient: a doctor added a file to their records; the mail does not name it.
    case reportUploaded = "report_uploaded"
    /// To an administrator: a hospital waits to be approved.
    case hospitalReview = "hospital_review"
    // An administrator approved, rejected (the mail quotes the reason) or deleted the recipient's hospital.
    case hospitalApproved = "hospital_approved"
    case hospitalRejected = "hospital_rejected"
    case hospitalDeactivated = "hospital_deactivated"
    // To a doctor: a hospital made an account for them, or deactivated it. The mail never has a password.
    case doctorCreated = "doctor_created"
    case doctorDeactivated = "doctor_deactivated"
    /// A code by which the recipient lets a doctor read their records.
    case accessCode = "access_code"
    // To a patient: a doctor got or lost access to their records. They name doctor and hospital, never the reason.
    case accessGranted = "access_granted"
    case accessRevoked = "access_revoked"
    /// A doctor opened records without the patient's consent. To patient, hospital and administrators, whatever their
    /// preferences are.
    case breakGlassOpened = "access_break_glass"
    /// A code that proves the recipient's phone.
    case phoneCode = "phone_code"
    /// A link that sets a new password.
    case passwordReset = "password_reset"
    /// A link that proves the recipient's new email, sent there.
    case emailChange = "email_change"
    // Security of the recipient's account. No preference turns these off.
    case passwordChanged = "password_changed"
    case newDevice = "new_device"
    case secondFactorEnabled = "second_factor_enabled"
    case secondFactorDisabled = "second_factor_disabled"
    case emailChangeAsked = "email_change_asked"
    /// Sent to the address that the account had before.
    case emailChanged = "email_changed"
    // To the owner of a webhook: its tries have failed for an hour, and it was turned off because of failures.
    case webhookFailing = "webhook_failing"
    case webhookDisabled = "webhook_disabled"

    /// The mail's subject line. Others may see it on a screen: it names nobody and nothing medical.
    package var subject: String {
        switch self {
        case .welcome: "Welcome to Praxis"
        case .verification: "Confirm your email address"
        case .providerReview: "A provider waits for verification"
        case .providerVerified: "You have been verified as a provider"
        case .providerRejected: "Your registration as a provider was not accepted"
        case .appointmentRequested: "An appointment was requested"
        case .appointmentConfirmed: "An appointment is confirmed"
        case .appointmentRejected: "An appointment was not accepted"
        case .appointmentCancelled: "An appointment was cancelled"
        case .appointmentRescheduled: "An appointment has another time"
        case .appointmentReassigned: "An appointment has another doctor"
        case .appointmentReminder: "A reminder of your appointment"
        case .queueCalled: "Your number is called"
        case .waitlistOffered: "A time became free"
        case .waitlistPassed: "A time you were offered went to the next"
        case .prescriptionCreated: "You have a new prescription"
        case .prescriptionRevised: "A prescription of yours was changed"
        case .reportUploaded: "A file was added to your records"
        case .hospitalReview: "A hospital waits for approval"
        case .hospitalApproved: "Your hospital has been approved"
        case .hospitalRejected: "Your hospital's registration was not accepted"
        case .hospitalDeactivated: "Your hospital was deactivated"
        case .doctorCreated: "A hospital has made an account for you"
        case .doctorDeactivated: "Your account at a hospital was deactivated"
        case .accessCode: "A code for your records"
        case .accessGranted: "A doctor has access to your records"
        case .accessRevoked: "Access to your records has ended"
        case .breakGlassOpened: "Records were opened in an emergency"
        case .phoneCode: "Your code"
        case .passwordReset: "Set a new password"
        case .passwordChanged: "Your password was changed"
        case .newDevice: "A login from a new device"
        case .secondFactorEnabled: "Two-step login was turned on"
        case .secondFactorDisabled: "Two-step login was turned off"
        case .emailChange: "Confirm your new email address"
        case .emailChangeAsked: "A new email address was asked for"
        case .webhookFailing: "A webhook of yours does not answer"
        case .webhookDisabled: "A webhook of yours was turned off"
        case .emailChanged: "Your email address was changed"
        }
    }

    /// The channels it may be sent by; there is a template for each. A text message may cost its recipient: except for
    /// codes, it is sent only to those who chose it.
    package var channels: [MessageChannel] {
        switch self {
        case .phoneCode, .accessCode, .queueCalled: [.sms]
        case .appointmentConfirmed, .appointmentRejected, .appointmentCancelled, .appointmentRescheduled,
            .appointmentReassigned, .appointmentReminder, .waitlistOffered, .waitlistPassed, .prescriptionCreated,
            .prescriptionRevised:
            [.email, .sms]
        default: [.email]
        }
    }

    private var isCode: Bool { self == .phoneCode || self == .accessCode }

    /// The service that is asked for the message's content; nil where the recipient's name and the time are all of it.
    package var contentOwner: ContentOwner? {
        switch self {
        case .verification, .phoneCode, .passwordReset, .emailChange, .emailChanged: .identity
        case .providerReview, .hospitalReview, .hospitalApproved, .hospitalRejected, .hospitalDeactivated,
            .doctorCreated, .doctorDeactivated:
            .registry
        case .appointmentRequested, .appointmentConfirmed, .appointmentRejected, .appointmentCancelled,
            .appointmentRescheduled, .appointmentReassigned, .appointmentReminder, .waitlistOffered, .waitlistPassed:
            .scheduling
        case .accessCode, .accessGranted, .accessRevoked, .breakGlassOpened, .prescriptionCreated, .prescriptionRevised:
            .records
        case .welcome, .queueCalled, .providerVerified, .providerRejected, .passwordChanged, .newDevice,
            .reportUploaded, .secondFactorEnabled, .secondFactorDisabled, .emailChangeAsked, .webhookFailing,
            .webhookDisabled:
            nil
        }
    }

    /// The page of the site that the mail's link opens; nil for a mail without a link that holds a token.
    package var page: String? {
        switch self {
        case .verification: "verify-email"
        case .passwordReset: "reset-password"
        case .emailChange: "confirm-email"
        default: nil
        }
    }

    /// How long it is worth sending; after that it is given up.
    package var lifetime: Duration {
        switch self {
        case .phoneCode, .accessCode: .seconds(600)
        // A link to a new password is short-lived, and the latest reminder is sent an hour before the visit.
        case .passwordReset, .appointmentReminder: .seconds(1800)
        // Scheduling keeps an offered time for 15 minutes, and a call of a number is of no use later than that.
        case .waitlistOffered, .queueCalled: .seconds(900)
        default: .seconds(86_400)
        }
    }

    /// Whether its lifetime begins when the event happened, not when notifier handled it: a code that arrives after an
    /// outage is of no use.
    package var isPerishable: Bool {
        switch self {
        case .phoneCode, .accessCode, .passwordReset, .appointmentReminder, .waitlistOffered, .queueCalled: true
        default: false
        }
    }

    /// Whether each try has a new secret in it (a code or a link), so that a repeated try is another message.
    package var isMinted: Bool { isCode || page != nil }
}

/// The services that have the content of messages.
package enum ContentOwner: Sendable {
    case identity, registry, scheduling, records
}

/// The ways to reach somebody.
package enum MessageChannel: String, Sendable, CaseIterable {
    case email, sms
}
