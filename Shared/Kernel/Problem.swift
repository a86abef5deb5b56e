/// All that can go wrong for a caller: a stable code, words for people, and what is wrong with which field.
/// It has no status: only `Web/ProblemAnswer` knows those.
package struct Problem: Error, Sendable, Equatable {
    package let code: Code
    package let message: String
    /// Field path (`clinic_address.zip`) and all that is wrong with it, in the order found.
    package let errors: [FieldFaults]
    /// Seconds after which trying again makes sense (429, 503).
    package let retryAfter: Int?
    /// What a program needs beside the code: documented with it in docs/reference/problems.md.
    package let details: ProblemDetails

    package init(
        _ code: Code, _ message: String, errors: [FieldFaults] = [], retryAfter: Int? = nil,
        details: ProblemDetails = [:]
    ) {
        self.code = code
        self.message = message
        self.errors = errors
        self.retryAfter = retryAfter
        self.details = details
    }

    /// One field and its faults.
    package struct FieldFaults: Sendable, Equatable {
        package let field: String
        package var messages: [String]
        package init(field: String, messages: [String]) {
            self.field = field
            self.messages = messages
        }
    }

    /// The stable codes a client may switch on; each is documented in docs/reference/problems.md.
    package enum Code: String, Sendable, CaseIterable {
        case malformedRequest = "malformed_request"
        case malformedJSON = "malformed_json"
        case malformedMultipart = "malformed_multipart"
        case validationFailed = "validation_failed"
        case hostNotAllowed = "host_not_allowed"
        case notAuthenticated = "not_authenticated"
        case invalidToken = "invalid_token"
        case invalidCredentials = "invalid_credentials"
        case otpRequired = "otp_required"
        case otpInvalid = "otp_invalid"
        case forbidden
        case secondFactorRequired = "second_factor_required"
        case accessRequired = "access_required"
        case passwordChangeRequired = "password_change_required"
        case accountInactive = "account_inactive"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case requestTimeout = "request_timeout"
        case locked
        case conflict
        case duplicate
        case illegalTransition = "illegal_transition"
        case slotTaken = "slot_taken"
        case patientBusy = "patient_busy"
        case cutoffPassed = "cutoff_passed"
        case patientAmbiguous = "patient_ambiguous"
        case overrideRequired = "override_required"
        case rotationRunning = "rotation_running"
        case requestInProgress = "request_in_progress"
        case preconditionFailed = "precondition_failed"
        case payloadTooLarge = "payload_too_large"
        case quotaExceeded = "quota_exceeded"
        case uriTooLong = "uri_too_long"
        case unsupportedMediaType = "unsupported_media_type"
        case contentRefused = "content_refused"
        case infected
        case rangeNotSatisfiable = "range_not_satisfiable"
        case expectationFailed = "expectation_failed"
        case idempotencyKeyReused = "idempotency_key_reused"
        case preconditionRequired = "precondition_required"
        case rateLimited = "rate_limited"
        case headersTooLarge = "headers_too_large"
        case internalError = "internal_error"
        case notImplemented = "not_implemented"
        case badGateway = "bad_gateway"
        case serviceUnavailable = "service_unavailable"
        case gatewayTimeout = "gateway_timeout"
        case versionNotSupported = "http_version_not_supported"
    }
}

extension Problem {
    /// One wrong field.
    package static func field(_ field: String, _ message: String) -> Problem {
        .validation([FieldFaults(field: field, messages: [message])])
    }
    package static func validation(_ errors: [FieldFaults]) -> Problem {
        Problem(.validationFailed, "Validation failed", errors: errors)
    }
    package static let notFound = Problem(.notFound, "Not found.")
    package static let notAuthenticated = Problem(
        .notAuthenticated, "Authentication credentials were not provided.")
    package static let forbidden = Problem(.forbidden, "You do not have permission to perform this action.")
    package static let secondFactorRequired = Problem(
        .secondFactorRequired, "Set up a second factor first: nothing else is open to this account until then.")
    package static let passwordChangeRequired = Problem(
        .passwordChangeRequired, "Choose a new password first: nothing else is open to this account until then.")
    package static func conflict(_ message: String) -> Problem { Problem(.conflict, message) }
    package static func duplicate(_ field: String, _ message: String) -> Problem {
        Problem(.duplicate, message, errors: [FieldFaults(field: field, messages: [message])])
    }
    package static let preconditionFailed = Problem(
        .preconditionFailed, "Someone else changed this in the meantime: read it again, then repeat your change.")
    package static func unavailable(retryAfter seconds: Int = 2) -> Problem {
        Problem(
            .serviceUnavailable, "The service is not available right now. Please try again.", retryAfter: seconds)
    }
    /// What a caller sees of anything unexpected: nothing but that it happened.
    package static let internalError = Problem(.internalError, "Something went wrong on our side.")

    /// The same problem under a heading of the endpoint's own (`Registration validation failed`).
    package func titled(_ message: String) -> Problem {
        Problem(code, message, errors: errors, retryAfter: retryAfter, details: details)
    }
}
