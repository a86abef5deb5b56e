package import API
package import Kernel

extension Problem.Code {
    /// The status of an answer with this code (api.md §1). Field faults have the status their endpoint's document
    /// gives.
    package func status(validation: ValidationStatus = .badRequest) -> Int {
        switch self {
        case .malformedRequest, .malformedJSON, .malformedMultipart, .hostNotAllowed, .locked: 400
        case .validationFailed: validation.rawValue
        case .notAuthenticated, .invalidToken, .invalidCredentials, .otpRequired, .otpInvalid: 401
        case .forbidden, .secondFactorRequired, .passwordChangeRequired, .accountInactive, .accessRequired: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .requestTimeout: 408
        case .conflict, .duplicate, .illegalTransition, .slotTaken, .patientBusy, .cutoffPassed, .requestInProgress,
            .patientAmbiguous, .overrideRequired, .rotationRunning:
            409
        case .preconditionFailed: 412
        case .payloadTooLarge, .quotaExceeded: 413
        case .uriTooLong: 414
        case .unsupportedMediaType, .contentRefused: 415
        case .rangeNotSatisfiable: 416
        case .expectationFailed: 417
        case .idempotencyKeyReused, .infected: 422
        case .preconditionRequired: 428
        case .rateLimited: 429
        case .headersTooLarge: 431
        case .internalError: 500
        case .notImplemented: 501
        case .badGateway: 502
        case .serviceUnavailable: 503
        case .gatewayTimeout: 504
        case .versionNotSupported: 505
        }
    }

    /// The title of RFC 9457: the same for every problem of this code.
    package var title: String {
        let words = rawValue.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
