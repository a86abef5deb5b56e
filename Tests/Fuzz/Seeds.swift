import Foundation

/// Writes the unit tests' cases as files, a folder for each target.
@main
enum Seeds {
    static func main() throws {
        let root = URL(filePath: CommandLine.arguments.dropFirst().first ?? ".build/fuzz/corpus")
        for target in ["request", "response", "chunks", "json", "multipart", "inputs"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: target), withIntermediateDirectories: true)
        }
        let messages = RefusedRequests.all + AcceptedRequests.all.map(\.message)
        for (number, message) in messages.enumerated() {
            try write(message.bytes, root, "request", number)
            if let body = body(of: message.bytes) { try write(body, root, "chunks", number) }
        }
        for (number, text) in (responses + messages.compactMap(asResponse)).enumerated() {
            try write(Array(text.utf8), root, "response", number)
        }
        for (number, body) in (TakenMultipart.all + RefusedMultipart.all).enumerated() {
            try write(body.bytes, root, "multipart", number)
        }
        for (number, text) in documents.enumerated() { try write(Array(text.utf8), root, "json", number) }
        for (number, text) in inputs.enumerated() { try write(Array(text.utf8), root, "inputs", number) }
    }

    private static func write(_ bytes: [UInt8], _ root: URL, _ target: String, _ number: Int) throws {
        try Data(bytes).write(to: root.appending(path: "\(target)/seed-\(number)"))
    }

    /// What stands behind the head of a message with chunks.
    private static func body(of bytes: [UInt8]) -> [UInt8]? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("chunked"), let end = text.range(of: "\r\n\r\n") else { return nil }
        return Array(text[end.upperBound...].utf8)
    }

    /// A request's fields under a status line.
    private static func asResponse(_ message: MessageCase) -> String? {
        let text = String(decoding: message.bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n") else { return nil }
        return "HTTP/1.1 200 OK\r\n" + text[end.upperBound...]
    }

    private static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhi",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
    ]

    private static let inputs = [
        "9223372036854775807_01a21fc8-7f30-70c0-9ccc-29a2bba79fff",
        "-9223372036854775808/01a21fc8-7f30-70c0-9ccc-29a2bba79fff",
        "01a21fc8-7f30-70c0-9ccc-29a2bba79fff/-9223372036854775808", "2024-02-29T23:59:60.999999999+23:59",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60-23:59", "\u{80}\0\0\0\0\0\0\0",
        "page=1&page_size=100&cursor=",
        "99999999999999999999", "+4915112345678", "ada@example.com", "1e400", #"{"email":"a@b.example","fee":"1.10"}"#,
    ]

    private static let documents = [
        #"{"a":[1,-2,0.50,1e10,true,false,null],"b":{"c":"d\u00e9\ud83d\ude00\n"}}"#, "[9223372036854775808]",
        #"{"\u0061":1,"a":2}"#, "-0", "[[[[[[]]]]]]", "5e-324", "1e400", #"["\u0000"]"#,
    ]
}
