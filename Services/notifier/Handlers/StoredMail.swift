import Crypto

/// A mail of our own making, read back.
package struct StoredMail: Sendable {
    package let headers: [(name: String, value: String)]
    package let text: String
    package let html: String
    /// Nil of a mail without a calendar file.
    package let calendar: String?

    package init(_ bytes: [UInt8]) {
        let source = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        let (headers, body) = StoredMail.split(source)
        self.headers = headers
        let contents = StoredMail.contents(headers, body)
        text = contents["text/plain"] ?? ""
        html = contents["text/html"] ?? ""
        calendar = contents["text/calendar"]
    }

    /// What stands in each kind of part, of parts within parts too.
    private static func contents(_ headers: [(name: String, value: String)], _ body: String) -> [String: String] {
        let type = headers.first { $0.name == "Content-Type" }?.value ?? ""
        guard let kind = type.split(separator: ";").first.map(String.init) else { return [:] }
        guard kind.hasPrefix("multipart/") else {
            let decoded = Base64.decode(body.filter { $0 != "\n" })
            return decoded.map { [kind: String(decoding: $0, as: UTF8.self)] } ?? [:]
        }
        guard let boundary = type.split(separator: "\"").dropFirst().first else { return [:] }
        return body.split(separator: "--\(boundary)").reduce(into: [:]) { all, part in
            let (fields, content) = split(String(part.drop { $0 == "\n" }))
            all.merge(contents(fields, content)) { first, _ in first }
        }
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
