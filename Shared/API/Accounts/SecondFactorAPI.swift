package import Kernel

/// The second factor of an account: codes of an authenticator (RFC 6238), and recovery codes for when it is lost
/// (api.md §2). All of it stays open to an administrator who has to set one up.
package enum SecondFactorAPI {
    static let declarations: [Declaration] = [
        state.declaration, enrol.declaration, confirm.declaration, disable.declaration, renewCodes.declaration,
        prove.declaration,
    ]

    package static let state = Endpoint(
        .get, "/api/auth/mfa", "secondFactor", of: .identity, for: .authenticated,
        gives: Item<SecondFactorView>.self, says: "Second factor retrieved successfully.",
        summary: "Whether the caller has a second factor, or needs one", tag: "Second factor", whileEnrolling: true)

    package static let enrol = Endpoint(
        .post, "/api/auth/mfa/totp", "enrolSecondFactor", of: .identity, for: .authenticated,
        takes: EnrolSecondFactor.self, gives: Created<EnrolmentView>.self,
        says: "Scan the code with your authenticator, then confirm with a code it shows.",
        summary: "Begin to set up an authenticator, or to replace the one there is", tag: "Second factor",
        refuses: [.validationFailed, .rateLimited, .serviceUnavailable], whileEnrolling: true)

    package static let confirm = Endpoint(
        .post, "/api/auth/mfa/totp/confirm", "confirmSecondFactor", of: .identity, for: .authenticated,
        takes: ConfirmSecondFactor.self, gives: Item<RecoveryCodesView>.self,
        says: "Your second factor is set up. Keep the recovery codes in a safe place.",
        summary: "Finish setting up an authenticator; all other sessions end", tag: "Second factor",
        refuses: [.validationFailed, .conflict], whileEnrolling: true)

    package static let disable = Endpoint(
        .delete, "/api/auth/mfa/totp", "disableSecondFactor", of: .identity, for: .authenticated,
        takes: DisableSecondFactor.self, gives: Done.self, says: "Your second factor is removed.",
        summary: "Log in with the password alone again", tag: "Second factor",
        refuses: [.validationFailed, .conflict, .rateLimited, .serviceUnavailable], whileEnrolling: true)

    package static let renewCodes = Endpoint(
        .post, "/api/auth/mfa/recovery-codes", "renewRecoveryCodes", of: .identity, for: .authenticated,
        takes: RenewRecoveryCodes.self, gives: Item<RecoveryCodesView>.self,
        says: "New recovery codes are made; the old ones work no more.",
        summary: "Ten new recovery codes in place of the old", tag: "Second factor",
        refuses: [.validationFailed, .conflict, .rateLimited], whileEnrolling: true)

    package static let prove = Endpoint(
        .post, "/internal/accounts/{id}/second-factor", "proveSecondFactor", of: .identity, for: .services([.records]),
        takes: WithID<Account, SecondFactorProof>.self, gives: Item<ProvenFactorView>.self, says: "Code checked.",
        summary: "Uses up a code of an account's second factor, where it has one", tag: "Internal",
        refuses: [.notFound, .otpRequired, .otpInvalid, .rateLimited], rate: .unlimited)
}
