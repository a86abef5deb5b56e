package import NotifierDomain

extension MessageTemplates {
    /// The words that come with the service.
    package static func embedded(site: String) throws -> MessageTemplates {
        try MessageTemplates(files.mapValues { String(decoding: $0, as: UTF8.self) }, site: site)
    }

    /// The folder `Templates`. What SwiftPM embeds has a name each and no list; a test compares this one with the
    /// folder.
    package static let files: [String: [UInt8]] = [
        "appointment_cancelled.html": PackageResources.appointment_cancelled_html,
        "appointment_cancelled.txt": PackageResources.appointment_cancelled_txt,
        "appointment_confirmed.html": PackageResources.appointment_confirmed_html,
        "appointment_confirmed.txt": PackageResources.appointment_confirmed_txt,
        "appointment_reassigned.html": PackageResources.appointment_reassigned_html,
        "appointment_reassigned.txt": PackageResources.appointment_reassigned_txt,
        "appointment_rejected.html": PackageResources.appointment_rejected_html,
        "appointment_rejected.txt": PackageResources.appointment_rejected_txt,
        "appointment_requested.html": PackageResources.appointment_requested_html,
        "appointment_requested.txt": PackageResources.appointment_requested_txt,
        "appointment_rescheduled.html": PackageResources.appointment_rescheduled_html,
        "appointment_rescheduled.txt": PackageResources.appointment_rescheduled_txt,
        "doctor_created.html": PackageResources.doctor_created_html,
        "doctor_created.txt": PackageResources.doctor_created_txt,
        "doctor_deactivated.html": PackageResources.doctor_deactivated_html,
        "doctor_deactivated.txt": PackageResources.doctor_deactivated_txt,
        "email_change.html": PackageResources.email_change_html,
        "email_change.txt": PackageResources.email_change_txt,
        "email_change_asked.html": PackageResources.email_change_asked_html,
        "email_change_asked.txt": PackageResources.email_change_asked_txt,
        "email_changed.html": PackageResources.email_changed_html,
        "email_changed.txt": PackageResources.email_changed_txt,
        "hospital_approved.html": PackageResources.hospital_approved_html,
        "hospital_approved.txt": PackageResources.hospital_approved_txt,
        "hospital_deactivated.html": PackageResources.hospital_deactivated_html,
        "hospital_deactivated.txt": PackageResources.hospital_deactivated_txt,
        "hospital_rejected.html": PackageResources.hospital_rejected_html,
        "hospital_rejected.txt": PackageResources.hospital_rejected_txt,
        "hospital_review.html": PackageResources.hospital_review_html,
        "hospital_review.txt": PackageResources.hospital_review_txt,
        "new_device.html": PackageResources.new_device_html,
        "new_device.txt": PackageResources.new_device_txt,
        "password_changed.html": PackageResources.password_changed_html,
        "password_changed.txt": PackageResources.password_changed_txt,
        "password_reset.html": PackageResources.password_reset_html,
        "password_reset.txt": PackageResources.password_reset_txt,
        "phone_code.sms": PackageResources.phone_code_sms,
        "provider_rejected.html": PackageResources.provider_rejected_html,
        "provider_rejected.txt": PackageResources.provider_rejected_txt,
        "provider_review.html": PackageResources.provider_review_html,
        "provider_review.txt": PackageResources.provider_review_txt,
        "provider_verified.html": PackageResources.provider_verified_html,
        "provider_verified.txt": PackageResources.provider_verified_txt,
        "second_factor_disabled.html": PackageResources.second_factor_disabled_html,
        "second_factor_disabled.txt": PackageResources.second_factor_disabled_txt,
        "second_factor_enabled.html": PackageResources.second_factor_enabled_html,
        "second_factor_enabled.txt": PackageResources.second_factor_enabled_txt,
        "verification.html": PackageResources.verification_html,
        "verification.txt": PackageResources.verification_txt,
        "welcome.html": PackageResources.welcome_html,
        "welcome.txt": PackageResources.welcome_txt,
    ]
}
