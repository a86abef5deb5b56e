extension EventSource {
    package static let identity = EventSource(
        name: "identity",
        events: [
            Event.accountRegistered, Event.accountUpdated, Event.passwordChanged, Event.accountActivated,
            Event.accountDeactivated, Event.sessionEnded, Event.sessionsEnded, Event.verificationRequested,
            Event.emailVerified, Event.reviewAsked, Event.hospitalReviewAsked, Event.breakGlassReported,
            Event.phoneCodeRequested, Event.phoneVerified,
            Event.passwordResetRequested, Event.emailChangeRequested, Event.emailChanged, Event.newDeviceSeen,
            Event.secondFactorEnabled, Event.secondFactorDisabled,
        ])
}

/// The events of identity: accounts registered and changed, sessions ended (every gateway must know within a second).
extension Event {
    package static let accountRegistered = EventType(
        "identity.account_registered.v1", AccountFact.shape, audit: "account.registered",
        means: "Somebody made an account.")
    package static let accountUpdated = EventType(
        "identity.account_updated.v1", AccountFact.shape, audit: "account.updated",
        means: "The name or email of an account changed.")
    package static let passwordChanged = EventType(
        "identity.password_changed.v1", outside: "password.changed", AccountFact.shape, audit: "password.changed",
        means: "A new password was chosen.")
    package static let accountActivated = EventType(
        "identity.account_activated.v1", StandingFact.shape, audit: "account.activated", copiedBy: ["registry"],
        means: "An administrator let an account in again.")
    package static let accountDeactivated = EventType(
        "identity.account_deactivated.v1", StandingFact.shape, audit: "account.deactivated", copiedBy: ["registry"],
        means: "An administrator shut an account out; its sessions ended.")
    /// Logout, a refresh token used twice, an end by the account itself: the audit trail says which.
    package static let sessionEnded = EventType(
        "identity.session_ended.v1", SessionFact.shape,
        means: "One session ended; gateways refuse its access tokens from now on.")
    package static let sessionsEnded = EventType(
        "identity.sessions_ended.v1", SessionsFact.shape,
        means: "Several sessions of an account ended at once; gateways refuse their access tokens.")
    package static let verificationRequested = EventType(
        "identity.verification_requested.v1", AccountFact.shape, audit: "account.verification_requested",
        means: "A mail that proves an account's email is wanted: after registration, and when asked for again.")
    package static let emailVerified = EventType(
        "identity.email_verified.v1", AccountFact.shape, audit: "account.email_verified", copiedBy: ["registry"],
        means: "An account's email was proven.")
    package static let reviewAsked = EventType(
        "identity.review_asked.v1", ReviewFact.shape,
        means: "A provider registered; told once for each administrator who may review them.")
    package static let hospitalReviewAsked = EventType(
        "identity.hospital_review_asked.v1", HospitalReviewFact.shape,
        means: "A hospital registered; told once for each administrator who may approve it.")
    package static let breakGlassReported = EventType(
        "identity.break_glass_reported.v1", BreakGlassReportFact.shape,
        means: "A doctor opened records without their patient; told once for each administrator.")
    package static let phoneCodeRequested = EventType(
        "identity.phone_code_requested.v1", AccountFact.shape, audit: "account.phone_code_asked",
        means: "A text with a code that proves an account's phone is wanted.")
    package static let phoneVerified = EventType(
        "identity.phone_verified.v1", AccountFact.shape, audit: "account.phone_verified", copiedBy: ["registry"],
        means: "An account's phone was proven.")
    package static let passwordResetRequested = EventType(
        "identity.password_reset_requested.v1", AccountFact.shape, audit: "password.reset_requested",
        means: "A mail with a link that sets a new password is wanted.")
    package static let emailChangeRequested = EventType(
        "identity.email_change_requested.v1", AccountFact.shape, audit: "account.email_change_requested",
        means: "An account is to have another email: a link is wanted there, and a notice where it is now.")
    package static let emailChanged = EventType(
        "identity.email_changed.v1", AccountFact.shape, audit: "account.email_changed",
        means: "An account's new email was proven and is the account's from now on.")
    package static let newDeviceSeen = EventType(
        "identity.new_device_seen.v1", outside: "device.new", SessionFact.shape, audit: "device.new",
        means: "Somebody logged in from a device the account was not seen on before.")
    package static let secondFactorEnabled = EventType(
        "identity.second_factor_enabled.v1", outside: "second_factor.enabled", AccountFact.shape,
        audit: "second_factor.confirmed", means: "An account asks for a second factor from now on.")
    package static let secondFactorDisabled = EventType(
        "identity.second_factor_disabled.v1", outside: "second_factor.disabled", AccountFact.shape,
        audit: "second_factor.disabled", means: "An account no longer asks for a second factor.")
}
