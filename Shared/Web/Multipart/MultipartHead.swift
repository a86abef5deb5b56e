/// What the header of one part says (RFC 7578 §4.2).
package struct MultipartHead: Sendable, Equatable {
    package let name: String
    /// Nil for a field. What the client calls its file, without the folders before it; empty where a form was sent with
    /// no file chosen.
    package let fileName: String?
    /// As the client says; it proves nothing.
    package let contentType: String?
}

/// A part's header while its lines come.
struct MultipartHeadDraft: Sendable, Equatable {
    private var disposition: [UInt8]?
    private var contentType: [UInt8]?

    /// Takes one line without its end. Fields that say nothing of the form are passed over.
    mutating func add(_ line: [UInt8]) throws(MultipartFault) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(ParameterList.isToken),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { throw .badHeader }
        let value = ParameterList.trimmed(line[(colon + 1)...])
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "content-disposition":
            guard disposition == nil else { throw .badDisposition }
            disposition = value
        case "content-type":
            guard contentType == nil else { throw .badHeader }
            contentType = value
        case "content-transfer-encoding":
            let encoding = String(decoding: value, as: UTF8.self).lowercased()
            guard ["7bit", "8bit", "binary"].contains(encoding) else { throw .encoded }
        default: break
        }
    }

    func head(_ limits: MultipartLimits) throws(MultipartFault) -> MultipartHead {
        guard let disposition, let list = ParameterList(disposition), list.value == "form-data" else {
            throw .badDisposition
        }
        guard let name = list["name"], !name.isEmpty else { throw .noName }
        let type = contentType.map { String(decoding: $0, as: UTF8.self) }
        if type?.lowercased().hasPrefix("multipart/") == true { throw .nested }
        return MultipartHead(
            name: try Self.text(name, limits), fileName: try Self.fileName(list, limits), contentType: type)
    }

    /// `filename*` is passed over: RFC 7578 §4.2 forbids it, and two readers would differ about it.
    private static func fileName(
        _ list: ParameterList, _ limits: MultipartLimits
    ) throws(MultipartFault) -> String? {
        let path = try list["filename"].map { bytes throws(MultipartFault) in try text(bytes, limits) }
        return path.map { path in
            String(path.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? "")
        }
    }

    private static func text(_ bytes: [UInt8], _ limits: MultipartLimits) throws(MultipartFault) -> String {
        guard bytes.count <= limits.name else { throw .headerTooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .badDisposition }
        return text
    }
}
