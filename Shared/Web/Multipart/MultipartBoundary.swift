/// What separates the parts of one body (RFC 2046 §5.1.1).
package struct MultipartBoundary: Sendable, Equatable {
    /// CRLF, two hyphens and the boundary's own bytes.
    let delimiter: [UInt8]

    /// Nil when it is no multipart/form-data at all.
    package init?(contentType: String) throws(MultipartFault) {
        let bytes = Array(contentType.utf8)
        let type = ParameterList.trimmed(bytes.prefix { $0 != UInt8(ascii: ";") })
        guard String(decoding: type, as: UTF8.self).lowercased() == "multipart/form-data" else { return nil }
        guard let boundary = ParameterList(bytes)?["boundary"], (1...70).contains(boundary.count),
            boundary.allSatisfy(Self.isAllowed), boundary.last != 0x20
        else { throw .badBoundary }
        delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + boundary
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x20, 0x27...0x29, 0x2B...0x2F, 0x3A, 0x3D, 0x3F, 0x5F: true
        default: false
        }
    }
}
