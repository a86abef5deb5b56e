/// Why a message was refused: a stable word that may be logged and counted. Framing is in doubt after every one of
/// them, so the connection is answered with `status` and closed; a client that meets one discards the connection.
package enum MessageFault: String, Error, Sendable, CaseIterable {
    case badRequestLine = "bad_request_line"
    case badStatusLine = "bad_status_line"
    case badLineEnding = "bad_line_ending"
    case badCharacter = "bad_character"
    case badTarget = "bad_target"
    case badFieldName = "bad_field_name"
    case badHost = "bad_host"
    case badContentLength = "bad_content_length"
    case badTransferEncoding = "bad_transfer_encoding"
    case ambiguousLength = "ambiguous_length"
    case badChunk = "bad_chunk"
    case badTrailer = "bad_trailer"
    case tooManyInterimResponses = "too_many_interim_responses"
    case methodNotAllowed = "method_not_allowed"
    case targetTooLong = "target_too_long"
    case expectationFailed = "expectation_failed"
    case fieldTooLong = "field_too_long"
    case tooManyFields = "too_many_fields"
    case trailersTooLong = "trailers_too_long"
    case unknownMethod = "unknown_method"
    case unknownTransferCoding = "unknown_transfer_coding"
    case unsupportedVersion = "unsupported_version"

    /// The answer's status, RFC 9110 §15.
    package var status: Int {
        switch self {
        case .methodNotAllowed: 405
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .fieldTooLong, .tooManyFields, .trailersTooLong: 431
        case .unknownMethod, .unknownTransferCoding: 501
        case .unsupportedVersion: 505
        default: 400
        }
    }
}
