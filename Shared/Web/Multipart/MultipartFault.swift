/// Why a body is no multipart/form-data that is taken. The raw values are stable words for answers and logs.
package enum MultipartFault: String, Error, Sendable {
    /// The `Content-Type` names no boundary, or none that RFC 2046 allows.
    case badBoundary = "bad_boundary"
    /// A line begins as the boundary does and does not go on as a boundary may.
    case badDelimiter = "bad_delimiter"
    /// A header line of a part is no field, or does not end with CRLF.
    case badHeader = "bad_header"
    /// A part has no `Content-Disposition: form-data`, or more than one, or one that cannot be read.
    case badDisposition = "bad_disposition"
    case noName = "no_name"
    /// A part holds parts.
    case nested
    /// A part has a `Content-Transfer-Encoding` that would have to be undone.
    case encoded
    /// The body ended before its last boundary.
    case cutShort = "cut_short"
    case tooManyParts = "too_many_parts"
    /// The header of a part, or what stands around all parts, is too long.
    case headerTooLong = "header_too_long"
    case fieldsTooLong = "fields_too_long"
    case fileTooLarge = "file_too_large"

    /// It is well formed, and more than is taken.
    package var isExcess: Bool {
        switch self {
        case .fieldsTooLong, .fileTooLarge: true
        default: false
        }
    }
}
