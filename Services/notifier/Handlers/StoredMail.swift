import Crypto

/// A mail of our own making, read back.
package struct StoredMail: Sendable {
    package let headers: [(name: String, value: String)]
    package let text: String
    package let html: String

    package init(_ bytes: [UInt8]) {
        let source = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        let (headers, body) = StoredMail.split(source)
        self.headers = headers
        var contents: [String: String] = [:]
        let type = headers.first { $0.name == "Content-Type" }?.value ?? ""
        let boundary = type.split(separator: "\"").dropFirst().first.map(String.init) ?? ""
        for part in boundary.isEmpty ? [] : body.split(separator: "--\(boundary)") {
            let (fields, content) = StoredMail.split(String(part.drop { $0 == "\n" }))
            guard let kind = fields.first(where: { $0.name == "Content-Type" })?.value.split(separator: ";").first,
                let decoded = Base64.decode(content.filter { $0 != "\n" })
            else { continue }
            contents[String(kind)] = String(decoding: decoded, as: UTF8.self)
        }
        text = contents["text/plain"] ?? ""
        html = contents["text/html"] ?? ""
    }

    /// The first value of a header; empty when there is none.
    package subscript(name: String) -> String { headers.first { $0.name == name }?.value ?? "" }

    private static func split(_ source: String) -> (headers: [(name: String, value: String)], body: String) {
        let parts = source.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        var headers: [(name: String, value: String)] = []
        for line in (parts.first ?? "").split(separator: "\n") {
            if line.hasPrefix(" "), let last = headers.popLast() {
                headers.append((last.name, last.value + line))
            } else if let colon = line.firstRange(of: ": ") {
                headers.append((String(line[..<colon.lowerBound]), String(line[colon.upperBound...])))
            }
        }
        headers = headers.map { ($0.name, decoded($0.value)) }
        return (headers, parts.count > 1 ? String(parts[1]) : "")
    }

    /// Encoded words (RFC 2047) as the text they stand for.
    private static func decoded(_ value: String) -> String {
        guard value.hasPrefix("=?UTF-8?B?") else { return value }
        var bytes: [UInt8] = []
        for word in value.split(separator: " ") {
            guard word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?="),
                let piece = Base64.decode(String(word.dropFirst(10).dropLast(2)))
            else { return value }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
