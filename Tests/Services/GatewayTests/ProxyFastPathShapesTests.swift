import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing
import Web

/// One table of the shapes a request may have, gone through on both ways: the owner is told the same, and so is the
/// client.
@Suite struct ProxyFastPathShapesTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var method = "GET"
        var target = "/api/patients?a=b"
        var fields: [String] = []
        var body = ""
        var status = 200
        /// Whether it is carried once its token is known.
        var isCarried = true
        /// Whether the connection is a trusted proxy's.
        var isProxied = false
        /// Whether the owner hears of it.
        var isPassedOn = true
        var testDescription: String { "\(method) \(target) \(fields) \(body.utf8.count)\(isProxied ? " proxied" : "")" }

        func text(_ token: String) -> String {
            var lines = ["\(method) \(target) HTTP/1.1", "Authorization: Bearer \(token)"] + fields
            if !fields.contains(where: { $0.hasPrefix("Host:") }) { lines.append("Host: localhost:8000") }
            return lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
        }

        static func write(
            _ method: String, _ target: String = "/api/patients", body: String = "{\"a\":1}", fields: [String] = [],
            status: Int = 200, isCarried: Bool = true, isProxied: Bool = false, isPassedOn: Bool = true
        ) -> Shape {
            Shape(
                method: method, target: target, fields: fields + ["Content-Length: \(body.utf8.count)"], body: body,
                status: status, isCarried: isCarried, isProxied: isProxied, isPassedOn: isPassedOn)
        }
    }

    private static let one = "/api/patients/0190f5a2-7a3b-7c11-8a52-0123456789ab"
    private static let page = "Origin: http://localhost:3000"
    private static let kilobyte = "{\"a\":\"\(String(repeating: "x", count: 1_000))\"}"

    static let bodies = [
        Shape.write("POST"), .write("POST", body: ""), .write("POST", body: kilobyte), .write("PUT", one),
        .write("PATCH", one, fields: ["Content-Type: application/merge-patch+json", "If-Match: \"v1\""]),
        .write("DELETE", one), .write("DELETE", one, body: ""), Shape(method: "DELETE", target: one),
        Shape(method: "POST", target: "/api/patients"), .write("POST", fields: ["Idempotency-Key: key-1"]),
        .write("POST", fields: [page, "Content-Type: application/json"]),
        .write("POST", "/api/%70atients?x=%20"), .write("POST", fields: ["Connection: x-a", "X-A: 1", "X-B: 2"]),
        // What the owner could not do may be asked of another, or is told by a task.
        .write("POST", body: "fail", status: 500, isCarried: false),
        .write("POST", body: String(repeating: "x", count: 65_537), isCarried: false),
        .write("POST", fields: ["Expect: 100-continue"], isCarried: false),
        .write("GET", isCarried: false),
        Shape(
            method: "POST", target: "/api/patients", fields: ["Transfer-Encoding: chunked"],
            body: "3\r\nabc\r\n0\r\n\r\n", isCarried: false),
        .write("PUT", "/api/patients", status: 405, isCarried: false, isPassedOn: false),
        .write("POST", "/api/nothing", status: 404, isCarried: false, isPassedOn: false),
        .write("POST", "/api/admin/users", status: 405, isCarried: false, isPassedOn: false),
    ]

    static let pages = [
        Shape(fields: [page]), Shape(fields: ["Origin: https://elsewhere.example"]), Shape(fields: ["Origin: null"]),
        Shape(fields: ["Origin:"]), Shape(fields: ["Origin: \u{e9}"]), Shape(fields: [page, "Origin: http://b"]),
        Shape(method: "OPTIONS", fields: [page], status: 204, isCarried: false, isPassedOn: false),
    ]

    static let paths = [
        Shape(target: "/api/%70atients"), Shape(target: "/api//patients"), Shape(target: "/api/patients/"),
        Shape(target: "/api/patients/a%20b%C3%A9?q=%2F"), Shape(target: "/api/patients?a=/../b"),
        Shape(target: "/api/patients/.hidden"),
        Shape(target: "/api/patients/a%2Fb", status: 400, isCarried: false, isPassedOn: false),
        Shape(target: "/api/patients/..", status: 400, isCarried: false, isPassedOn: false),
        Shape(target: "/api/patients/%zz", status: 400, isCarried: false, isPassedOn: false),
        Shape(target: "http://localhost:8000/api/patients", isCarried: false),
        Shape(fields: ["Host: evil.example"], status: 400, isCarried: false, isPassedOn: false),
    ]

    static let proxies = [
        Shape(isProxied: true), Shape(fields: ["X-Forwarded-For: 198.51.100.7"], isProxied: true),
        Shape(fields: ["X-Forwarded-For: 198.51.100.7, 127.0.0.1", "X-Forwarded-Proto: HTTPS"], isProxied: true),
        Shape(fields: ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 198.51.100.7:99"], isProxied: true),
        Shape(fields: ["X-Forwarded-For: nonsense"], isProxied: true),
        Shape(fields: ["Forwarded: for=\"[2001:db8::1]:80\";proto=https"], isProxied: true),
        Shape(fields: ["X-Forwarded-Host: 127.0.0.1:99", "X-Forwarded-Proto: https"], isProxied: true),
        Shape(
            fields: ["X-Forwarded-Host: \u{fffd}"], status: 400, isCarried: false, isProxied: true, isPassedOn: false),
        Shape(
            fields: ["X-Forwarded-Host: evil.example"], status: 400, isCarried: false, isProxied: true,
            isPassedOn: false),
        .write("POST", fields: [page, "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https"], isProxied: true),
    ]

    @Test(arguments: bodies + pages + paths + proxies)
    func `the owner is told the same on either way, and so is the client`(_ shape: Shape) async throws {
        try await GatewayFixture.with(
            environment: ["RATE_LIMIT_ANONYMOUS": "1000/1h"].merging(
                shape.isProxied ? ["TRUSTED_PROXIES": "127.0.0.1"] : [:]
            ) { $1 },
            registry: { request in
                let body = (try? await request.body.collect()) ?? []
                return Response(
                    body == Array("fail".utf8) ? .internalError : .ok, headers: ["ETag": "\"v1\"", "Location": "/x"],
                    body: .bytes(Self.heard(request, body)))
            }
        ) { fixture in
            let text = shape.text(try fixture.token())
            let warm = Shape().text(try fixture.token(session: ID(high: 3, low: 3)))
            let stream = try await fixture.connect()
            // A connection to the owner is there; the token of the first request that counts is still to be verified.
            stream.output.append(contentsOf: warm.utf8)
            _ = try await RawAnswer.next(on: stream)
            var answers: [[String]] = []
            for _ in 0..<3 {
                stream.output.append(contentsOf: text.utf8)
                var answer = try await RawAnswer.next(on: stream)
                if answer.lines.first == "HTTP/1.1 100 Continue" { answer = try await RawAnswer.next(on: stream) }
                answers.append(answer.lasting + [shape.isPassedOn ? String(decoding: answer.body, as: UTF8.self) : ""])
                if answer.lines.contains("Connection: close") { break }
            }
            stream.close()
            #expect(fixture.ways.now.carried == (shape.isCarried ? 2 : 0))
            #expect(answers[0].first?.hasPrefix("HTTP/1.1 \(shape.status) ") == true, "\(answers[0])")
            for answer in answers { #expect(answer == answers[0]) }
            #expect(fixture.seen.withLock { $0.count } == (shape.isPassedOn ? 1 + answers.count : 1))
        }
    }

    /// What the owner hears: all but what is made anew for each request.
    private static func heard(_ request: Request, _ body: [UInt8]) -> [UInt8] {
        let changing = ["x-praxis-principal", "x-praxis-deadline", "traceparent"]
        var lines = request.headers.all.filter { !changing.contains($0.name.lowercased()) }
            .map { "\($0.name): \($0.value)" }
        let target = String(decoding: request.rawTarget, as: UTF8.self)
        if let keys = try? PairKeys(master: GatewayFixture.master, of: .registry),
            let principal = try? PrincipalVerifier(.registry, keys: keys).verify(
                request.headers["x-praxis-principal"], method: request.method.rawValue, target: target
            ).1
        {
            lines.append("\(principal.clientAddress) \(principal.baseURL) \(String(describing: principal.caller))")
        }
        return Array("\(request.method.rawValue) \(target)\n\(lines.joined(separator: "\n"))\n\n".utf8) + body
    }
}
