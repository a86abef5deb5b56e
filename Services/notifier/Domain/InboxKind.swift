/// What a message of the inbox is about; the raw value is the event's name for clients. The sentences are constant:
/// they name nobody, and no illness, department or medicine.
package enum InboxKind: String, Sendable, CaseIterable {
    case appointmentRequested = "appointment.requested"
    case appointmentConfirmed = "appointment.confirmed"
    case appointmentRejected = "appointment.rejected"
    case appointmentCancelled = "appointment.cancelled"
    case appointmentRescheduled = "appointment.rescheduled"
    case appointmentReassigned = "appointment.reassigned"
    case appointmentReminder = "appointment.reminder"
    case scheduleAffected = "schedule.affected"
    case waitlistOffered = "waitlist.offered"
    case waitlistPassed = "waitlist.passed"
    case prescriptionCreated = "prescription.created"
    case prescriptionRevised = "prescription.revised"
    case reportUploaded = "report.uploaded"
    case accessCodeRequested = "access.code_requested"
    case accessGranted = "access.granted"
    case accessRevoked = "access.revoked"
    case accessBreakGlass = "access.break_glass"
    case hospitalRegistered = "hospital.registered"
    case hospitalApproved = "hospital.approved"
    case hospitalRejected = "hospital.rejected"
    case hospitalDeactivated = "hospital.deactivated"
    case passwordChanged = "password.changed"
    case deviceNew = "device.new"
    case secondFactorEnabled = "second_factor.enabled"
    case secondFactorDisabled = "second_factor.disabled"
    case webhookFailing = "webhook.failing"
    case webhookDisabled = "webhook.disabled"

    /// One line, as a list shows it.
    package var title: String { words.title }

    /// One sentence.
    package var body: String { words.body }

    private var words: (title: String, body: String) {
        switch self {
        case .appointmentRequested: ("Appointment requested", "An appointment was requested and waits for an answer.")
        case .appointmentConfirmed: ("Appointment confirmed", "An appointment is confirmed.")
        case .appointmentRejected: ("Appointment not accepted", "A request for an appointment was not accepted.")
        case .appointmentCancelled: ("Appointment cancelled", "An appointment was cancelled.")
        case .appointmentRescheduled: ("Appointment moved", "An appointment has another time.")
        case .appointmentReassigned: ("Another doctor", "An appointment has another doctor.")
        case .appointmentReminder: ("Reminder", "This is to remind you of an appointment.")
        case .scheduleAffected:
            ("Appointments outside the hours", "A doctor's hours changed, and appointments ahead lie outside of them.")
        case .waitlistOffered: ("A time is free", "A time you wait for is free, and is kept for you for 15 minutes.")
        case .waitlistPassed: ("Offer over", "A time that was kept for you was offered to the next.")
        case .prescriptionCreated: ("New document", "A doctor has added a document to the records.")
        case .prescriptionRevised: ("Document revised", "A document of the records has a new version.")
        case .reportUploaded: ("New file", "A doctor has added a file to the records.")
        case .accessCodeRequested: ("Code sent", "A doctor asked for a code that gives access to the records.")
        case .accessGranted: ("Access given", "A doctor has access to the records for half an hour.")
        case .accessRevoked: ("Access ended", "A doctor's access to the records was ended.")
        case .accessBreakGlass: ("Emergency access", "A doctor took access to records without the patient.")
        case .hospitalRegistered: ("Hospital registered", "A hospital waits for approval.")
        case .hospitalApproved: ("Hospital approved", "The hospital has been approved.")
        case .hospitalRejected: ("Hospital not accepted", "The hospital's registration was not accepted.")
        case .hospitalDeactivated: ("Hospital deactivated", "The hospital was deactivated.")
        case .passwordChanged: ("Password changed", "The password of this account was changed.")
        case .deviceNew: ("New device", "There was a login from a device that was not seen before.")
        case .secondFactorEnabled: ("Two-step login on", "Two-step login was turned on.")
        case .secondFactorDisabled: ("Two-step login off", "Two-step login was turned off.")
        case .webhookFailing: ("Webhook fails", "Nothing that was posted to a webhook arrived for an hour.")
        case .webhookDisabled: ("Webhook off", "A webhook was turned off: nothing arrives there any more.")
        }
    }

    package var subject: InboxSubject {
        switch self {
        case .appointmentRequested, .appointmentConfirmed, .appointmentRejected, .appointmentCancelled,
            .appointmentRescheduled, .appointmentReassigned, .appointmentReminder:
            .appointment
        case .scheduleAffected: .doctor
        case .waitlistOffered, .waitlistPassed: .waitlistEntry
        case .prescriptionCreated, .prescriptionRevised: .prescription
        case .reportUploaded: .report
        case .accessCodeRequested: .patient
        case .accessGranted, .accessRevoked, .accessBreakGlass: .accessGrant
        case .hospitalRegistered, .hospitalApproved, .hospitalRejected, .hospitalDeactivated: .hospital
        case .passwordChanged, .deviceNew, .secondFactorEnabled, .secondFactorDisabled: .account
        case .webhookFailing, .webhookDisabled: .webhook
        }
    }
}

/// What kind of thing a message of the inbox is about.
package enum InboxSubject: String, Sendable, CaseIterable {
    case appointment
    case waitlistEntry = "waitlist_entry"
    case hospital, doctor, account, prescription, report, patient, webhook
    case accessGrant = "access_grant"

    /// The page of the frontend that shows it.
    package func link(to id: String?) -> String {
        switch self {
        case .appointment: id.map { "/appointments/\($0)" } ?? "/appointments"
        case .waitlistEntry: "/appointments/waitlist"
        case .hospital: id.map { "/hospitals/\($0)" } ?? "/hospitals"
        case .doctor: id.map { "/doctors/\($0)/schedule" } ?? "/doctors"
        case .account: "/account"
        case .webhook: id.map { "/webhooks/\($0)" } ?? "/webhooks"
        case .patient, .accessGrant: "/records/access"
        case .report: id.map { "/records/reports/\($0)" } ?? "/records/reports"
        case .prescription: id.map { "/prescriptions/\($0)" } ?? "/prescriptions"
        }
    }
}
