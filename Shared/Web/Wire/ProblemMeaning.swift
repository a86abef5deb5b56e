package import Kernel

extension Problem.Code {
    /// When a caller meets it: the line of docs/reference/problems.md.
    package var meaning: String {
        switch self {
        case .malformedRequest: "The request cannot be read: a bad head, target or parameter."
        case .malformedJSON: "The body is no valid JSON, or not the object that is expected."
        case .malformedMultipart: "The body is no valid multipart/form-data."
        case .validationFailed: "Fields are wrong; `errors` names each with all that is wrong with it."
        case .hostNotAllowed: "The `Host` is none of `ALLOWED_HOSTS`."
        case .notAuthenticated: "No credentials were sent where some are needed."
        case .invalidToken: "The token is malformed, expired, revoked or of another issuer; log in or refresh."
        case .invalidCredentials: "The account or the password is wrong; which of them is not said."
        case .otpRequired:
            """
            The account has a second factor, and its code is missing: send the request again with it as `otp`. At a \
            login the password was right; opening records in an emergency asks for the code as well.
            """
        case .otpInvalid:
            """
            A one-time code is wrong, too old, void, or was used before: of a second factor, or one that came by text \
            message to a phone or to a patient. 400 where it is a field of somebody who is signed in, 401 else.
            """
        case .forbidden: "The account's role may not do this."
        case .secondFactorRequired:
            """
            The account must set up a second factor first: `POST /api/auth/mfa/totp`. Where its role asks for one, \
            before anything else; where `REQUIRE_BREAK_GLASS_MFA` is set, before it opens records in an emergency.
            """
        case .accessRequired:
            "The doctor has no access to this patient's records; `details.ways` names how to get it."
        case .passwordChangeRequired:
            """
            The account's password was generated: choose another by `POST /api/accounts/change-password`, then \
            refresh.
            """
        case .accountInactive: "The account was deactivated."
        case .notFound: "There is no such thing, or it is another's: existence is not revealed."
        case .methodNotAllowed: "The path exists with other methods; `Allow` names them."
        case .notAcceptable: "`Accept` asks for what is not offered."
        case .requestTimeout: "The request did not arrive in time."
        case .locked: "What was to be changed is fixed; `errors` names it."
        case .conflict: "What is there does not allow it."
        case .duplicate: "A value that must be unique is taken; `errors` names the field."
        case .illegalTransition: "The state does not allow this step; `details.allowed` lists those it does."
        case .slotTaken: "The time is no longer free; `details.next_slots` has the doctor's next free ones, at most 5."
        case .patientBusy: "The patient has another appointment or hold at that time."
        case .cutoffPassed: "It is too late for the patient to change it: `details.cutoff_at` is when it was not yet."
        case .patientAmbiguous: "Several patients have this phone: say which by `patient_id`."
        case .overrideRequired:
            "A severe warning speaks against it (`details.warnings`): repeat it with an `override_reason`."
        case .rotationRunning:
            "The secret of before the latest rotation still signs; `force` ends it and rotates again."
        case .requestInProgress: "The same `Idempotency-Key` is being worked on right now."
        case .preconditionFailed: "`If-Match` names a version that is no longer the current one."
        case .payloadTooLarge: "The body is larger than the endpoint takes."
        case .quotaExceeded: "All files of the patient together would have more than is kept for one."
        case .contentRefused:
            "The file holds something else than its extension says, or what is not taken; `details.why` has the word."
        case .infected: "The file is known to do harm."
        case .uriTooLong: "The path and query are too long."
        case .unsupportedMediaType: "The body's `Content-Type` or `Content-Encoding` is not taken."
        case .rangeNotSatisfiable: "The `Range` lies outside the file; `Content-Range` says how long it is."
        case .expectationFailed: "`Expect` asks for something other than `100-continue`."
        case .idempotencyKeyReused: "The `Idempotency-Key` was used with another body."
        case .preconditionRequired: "The endpoint wants an `If-Match`."
        case .rateLimited: "Too many requests of this kind; `Retry-After` says how long to wait."
        case .headersTooLarge: "The header fields are too many or too long."
        case .internalError: "Our fault. `request_id` finds it in the log; nothing was changed unless said otherwise."
        case .notImplemented: "The method is not known."
        case .badGateway: "A service behind the gateway gave no usable answer."
        case .serviceUnavailable: "Something needed does not answer right now; `Retry-After` says when to try again."
        case .gatewayTimeout: "The answer took longer than the deadline; a write may or may not have happened."
        case .versionNotSupported: "HTTP/1.1 and HTTP/1.0 are spoken here."
        }
    }
}
