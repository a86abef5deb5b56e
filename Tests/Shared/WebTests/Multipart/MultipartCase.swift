/// A multipart body and what is read from it; also what the fuzz target starts from, so it knows none of our types.
struct MultipartCase: Sendable {
    struct Part: Sendable, Equatable {
        var name: String
        var fileName: String?
        var content: [UInt8]

        init(_ name: String, file: String? = nil, _ content: String) {
            self.name = name
            fileName = file
            self.content = Array(content.utf8)
        }
    }

    enum Outcome: Sendable {
        case parts([Part])
        /// By its stable word.
        case fault(String)
    }

    let name: String
    let bytes: [UInt8]
    let outcome: Outcome

    static let boundary = "AaB03x"

    init(_ name: String, _ body: String, _ outcome: Outcome) {
        self.name = name
        bytes = Array(body.utf8)
        self.outcome = outcome
    }

    /// A part with this header, its lines ended by CRLF, and the boundary before it.
    static func part(_ header: String, _ content: String) -> String {
        "--\(boundary)\r\n\(header)\r\n\r\n\(content)\r\n"
    }

    static func field(_ name: String, _ content: String) -> String {
        part("Content-Disposition: form-data; name=\"\(name)\"", content)
    }

    static func file(_ parameters: String, _ content: String) -> String {
        part("Content-Disposition: form-data; name=\"file\"; \(parameters)\r\nContent-Type: application/pdf", content)
    }

    static let end = "--\(boundary)--\r\n"
}
