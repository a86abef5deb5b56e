// NotifierDomain: which messages are sent to whom, with which text, and how often they are tried. Functions of values:
// time and chance come in as arguments. How a message is brought is the service's.

/// What a message is about. The raw value stands in the database and names the templates; no kind names an illness.
package enum MessageKind: String, Sendable, CaseIterable {
    case welcome
    /// A link that proves the recipient's email.
    case verification
    /// To an administrator: a provider waits to be verified.
    case providerReview = "provider_review"
    /// An administrator's decision about the recipient; why stands in their entry, not in a mail.
    case providerVerified = "provider_verified"
    case providerRejected = "provider_rejected"
    // What happened to a visit: hospital, doctor and time are said, and never why people meet.
    case appointmentRequested = "appointment_requested"
    case appointmentConfirmed = "appointment_confirmed"
    case appointmentRejected = "appointment_rejected"
    case appointmentCancelled = "appointment_cancelled"
    case appointmentRescheduled = "appointment_rescheduled"
    case appointmentReassigned = "appointment_reassigned"
    /// A visit is a day or an hour ahead: the only kind that reminds.
    case appointmentReminder = "appointment_reminder"
    /// To who waits in a doctor's queue: their number is called.
    case queueCalled = "queue_called"
    // To who waits for a time: one is kept for them, and one was not taken.
    case waitlistOffered = "waitlist_offered"
    case waitlistPassed = "waitlist_passed"
    /// To a patient: who wrote a prescription and where, and never what is in it.
    case prescriptionCreated = "prescription_created"
    case prescriptionRevised = "prescription_revised"
    /// To a patient: a doctor added a file, and never which.
    case reportUploaded = "report_uploaded"
    /// To an administrator: a hospital waits to be approved.
    case hospitalReview = "hospital_review"
    /// An administrator's decision about the recipient's hospital; a rejection quotes the reason.
    case hospitalApproved = "hospital_approved"
    case hospitalRejected = "hospital_rejected"
    case hospitalDeactivated = "hospital_deactivated"
    /// To a doctor: a hospital made an account for them, or shut it; never with a password.
    case doctorCreated = "doctor_created"
    case doctorDeactivated = "doctor_deactivated"
    /// A code by which the recipient lets a doctor read their records.
    case accessCode = "access_code"
    // A doctor's access to records: doctor and hospital are said, and never why.
    case accessGranted = "access_granted"
    case accessRevoked = "access_revoked"
    /// Records opened without their patient, told to patient, hospital and administrators whatever they chose.
    case breakGlassOpened = "access_break_glass"
    /// A code that proves the recipient's phone.
    case phoneCode = "phone_code"
    /// A link that sets a new password.
    case passwordReset = "password_reset"
    /// A link that proves the recipient's new email, sent there.
    case emailChange = "email_change"
    // What an owner must hear about their account, wanted or not: nothing turns these off.
    case passwordChanged = "password_changed"
    case newDevice = "new_device"
    case secondFactorEnabled = "second_factor_enabled"
    case secondFactorDisabled = "second_factor_disabled"
    case emailChangeAsked = "email_change_asked"
    // To the owner of a webhook: nothing arrives at it, and it was turned off for that.
    case webhookFailing = "webhook_failing"
    case webhookDisabled = "webhook_disabled"
    /// Sent to the address that was the recipient's.
    case emailChanged = "email_changed"

    /// What stands above the message, for anyone who looks over a shoulder.
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

    /// The ways it may go; there are words for each of them. A text may cost its recipient: but for codes, it goes to
    /// those alone who chose it.
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

    /// Which service is asked what the message says, beside the recipient's name and the time; nil when that is all.
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

    /// The page of the site that the letter's link opens, where it has one.
    package var page: String? {
        switch self {
        case .verification: "verify-email"
        case .passwordReset: "reset-password"
        case .emailChange: "confirm-email"
        default: nil
        }
    }

    /// After which nobody wants the message any more.
    package var lifetime: Duration {
        switch self {
        case .phoneCode, .accessCode: .seconds(600)
        // A reminder says nothing any more once its hour begins to pass.
        case .passwordReset, .appointmentReminder: .seconds(1800)
        // As long as scheduling keeps the time; and who was called is not waited for any longer.
        case .waitlistOffered, .queueCalled: .seconds(900)
        default: .seconds(86_400)
        }
    }

    /// Whether its life begins when it was asked for, and not when we heard of it: a code that comes after an outage
    /// would only startle.
    package var isPerishable: Bool {
        switch self {
        case .phoneCode, .accessCode, .passwordReset, .appointmentReminder, .waitlistOffered, .queueCalled: true
        default: false
        }
    }

    /// Whether each writing has a secret of its own in it: a repeated try is then another message.
    package var isMinted: Bool { isCode || page != nil }
}

/// The services that know what messages say.
package enum ContentOwner: Sendable {
    case identity, registry, scheduling, records
}

/// The ways to reach somebody.
package enum MessageChannel: String, Sendable, CaseIterable {
    case email, sms
}
