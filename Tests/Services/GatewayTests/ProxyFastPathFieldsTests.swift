import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing
import Web

/// One table of what clients may say, gone through on both ways: the owner is told the same, and so is the client.
@Suite struct ProxyFastPathFieldsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let fields: String
        /// What the owner must be told, as `Name: value`, and what it must not hear of.
        var told: [String] = []
        var kept: [String] = []
        var status = "200"
        var testDescription: String { fields }
    }

    static let rows = [
        Row(fields: "User-Agent: one\r\nUser-Agent: two", kept: ["User-Agent"]),
        Row(fields: "User-Agent: caf\u{e9}\u{2028} 1.0", kept: ["User-Agent"]),
        Row(fields: "User-Agent:"),
        Row(fields: "Content-Length: 0", kept: ["Content-Length: 0"]),
        Row(fields: "Connection: x-a\r\nX-A: secret\r\nX-B: open", told: ["X-B: open"], kept: ["X-A", "Connection"]),
        Row(fields: "X-A: secret\r\nConnection: keep-alive, x-a", kept: ["X-A", "Connection"]),
        Row(fields: "TE: trailers\r\nConnection: TE", kept: ["TE", "Connection"]),
        Row(fields: "TE: trailers", kept: ["TE"]),
        Row(fields: "Range: bytes=0-1", told: ["Range: bytes=0-1"]),
        Row(fields: "If-None-Match: \"v1\"", told: ["If-None-Match: \"v1\""], status: "304"),
        Row(fields: "If-None-Match: \"v2\"", told: ["If-None-Match: \"v2\""]),
        Row(fields: "Accept: a/b\r\nAccept: c/d", told: ["Accept: a/b", "Accept: c/d"]),
        Row(fields: "Keep-Alive: 5\r\nUpgrade: h2c\r\nProxy-Authorization: x", kept: ["Keep-Alive", "Upgrade"]),
        Row(fields: "x-praxis-principal: forged\r\nX-PRAXIS-Deadline: 1", kept: ["x-praxis-principal: forged"]),
        Row(fields: "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Real-Ip: 1.2.3.4", kept: ["Forwarded"]),
        Row(fields: "X-Request-Id: my-own-id-1\r\nReferer: http://a/", kept: ["Referer"]),
        Row(fields: "X-Empty:\r\nX-Blank:  \t ", told: ["X-Empty: ", "X-Blank: "]),
    ]

    @Test(arguments: rows) func `the owner is told the same on either way, and so is the client`(_ row: Row)
        async throws
    {
        try await GatewayFixture.with(registry: { request in
            let isKnown = request.headers["if-none-match"] == "\"v1\""
            return Response(
                isKnown ? .notModified : .ok, headers: ["ETag": "\"v1\""],
                body: isKnown ? .none : .bytes(Array("{}".utf8)))
        }) { fixture in
            // The first verifies the token and takes a task, the others are carried.
            let text =
                "GET /api/patients?a=b HTTP/1.1\r\nHost: localhost:8000\r\n\(row.fields)\r\n"
                + "Authorization: Bearer \(try fixture.token())\r\n\r\n"
            let stream = try await fixture.connect()
            var answers: [[String]] = []
            for _ in 0..<3 {
                stream.output.append(contentsOf: text.utf8)
                answers.append(try await RawAnswer.next(on: stream).lasting)
            }
            stream.close()
            #expect(fixture.ways.now == .init(carried: 2))
            #expect(answers[0] == answers[1] && answers[1] == answers[2])
            #expect(answers[1].first?.hasPrefix("HTTP/1.1 \(row.status) ") == true)
            let asked = fixture.seen.withLock { $0 }.map { $0.headers.all.map { "\($0.name): \($0.value)" } }
            let (task, short) = (Self.lasting(asked[0]), Self.lasting(asked[1]))
            #expect(task == short && short == Self.lasting(asked[2]))
            for field in row.told { #expect(short.contains(field)) }
            for field in row.kept {
                let isHeard = asked[1].contains { $0 == field || $0.hasPrefix(field + ":") }
                #expect(!isHeard, "\(field)")
            }
            let principals = try fixture.seen.withLock { $0 }.map { try Self.principal($0, row) }
            #expect(principals[0] == principals[1] && principals[1] == principals[2])
        }
    }

    /// Without what is made anew for each request.
    private static func lasting(_ fields: [String]) -> [String] {
        let changing = ["X-Praxis-Principal:", "X-Praxis-Deadline:", "traceparent:"]
        return fields.filter { field in !changing.contains { field.hasPrefix($0) } }
    }

    /// In whose name it was asked; its own number aside, where the client gave none.
    private static func principal(_ request: Request, _ row: Row) throws -> [String] {
        let verifier = PrincipalVerifier(.registry, keys: try PairKeys(master: GatewayFixture.master, of: .registry))
        let principal = try verifier.verify(
            request.headers["x-praxis-principal"], method: "GET",
            target: String(decoding: request.rawTarget, as: UTF8.self)
        ).1
        return [
            "\(String(describing: principal.caller))", principal.clientAddress, principal.baseURL, principal.userAgent,
            row.fields.contains("X-Request-Id") ? principal.requestID : "",
        ]
    }
}
