package import NotifierDomain

extension LetterBook {
    /// The words that come with the service.
    package static func standard(site: String) throws -> LetterBook {
        try LetterBook(
            [
                .welcome: (text(PackageResources.welcome_txt), text(PackageResources.welcome_html)),
                .verification: (text(PackageResources.verification_txt), text(PackageResources.verification_html)),
                .providerReview: (
                    text(PackageResources.provider_review_txt), text(PackageResources.provider_review_html)
                ),
                .providerVerified: (
                    text(PackageResources.provider_verified_txt), text(PackageResources.provider_verified_html)
                ),
                .providerRejected: (
                    text(PackageResources.provider_rejected_txt), text(PackageResources.provider_rejected_html)
                ),
                .passwordReset: (
                    text(PackageResources.password_reset_txt), text(PackageResources.password_reset_html)
                ),
                .passwordChanged: (
                    text(PackageResources.password_changed_txt), text(PackageResources.password_changed_html)
                ),
                .newDevice: (text(PackageResources.new_device_txt), text(PackageResources.new_device_html)),
                .secondFactorEnabled: (
                    text(PackageResources.second_factor_enabled_txt), text(PackageResources.second_factor_enabled_html)
                ),
                .secondFactorDisabled: (
                    text(PackageResources.second_factor_disabled_txt),
                    text(PackageResources.second_factor_disabled_html)
                ),
            ], texts: [.phoneCode: text(PackageResources.phone_code_sms)], site: site)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
