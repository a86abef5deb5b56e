import API
import Chassis
import Gateway
import HTTP
import Kernel
import Lifecycle
import Testing
import Web

/// The fast path decides what the handler decides, and answers what the handler answers.
@Suite struct ProxyFastPathTests {
    /// Two requests: the first verifies its token and opens a connection, which takes a task; the second is carried.
    private static func twice(
        _ fixture: GatewayFixture, _ fields: Headers
    ) async throws -> [(status: Int, headers: MessageFields)] {
        var answers: [(Int, MessageFields)] = []
        for _ in 0..<2 {
            let answer = try await fixture.ask(.get, "/api/patients/?search=a%20b", fields)
            answers.append((answer.status, answer.headers))
        }
        return answers
    }

    @Test func `the answer has the same fields on either way, and so has what the owner is asked`() async throws {
        try await GatewayFixture.with(registry: { _ in
            Response(
                .ok, headers: ["ETag": "\"v1\"", "Server": "inside", "X-Praxis-Secret": "x"],
                body: .bytes(Array("{}".utf8)))
        }) { fixture in
            let fields: Headers = [
                "Authorization": "Bearer \(try fixture.token())", "User-Agent": "Reader 1.0",
                "Accept": "application/json",
                "X-Praxis-Principal": "forged", "X-Request-Id": "my-own-id-1", "Cookie": "a=b", "Accept-Language": "de",
            ]
            let answers = try await Self.twice(fixture, fields)
            let told = answers.map { answer in
                answer.headers.all.filter { $0.name != "Date" && !$0.name.hasPrefix("RateLimit") }
                    .map { "\($0.name): \($0.value)" }
            }
            #expect(told[0] == told[1] && told[1].contains("ETag: \"v1\"") && told[1].count > 10)
            #expect(answers.map { $0.headers["ratelimit-remaining"] } == ["999", "998"])
            let asked = fixture.seen.withLock { $0 }.map { request in
                request.headers.all.filter { $0.name != "X-Praxis-Principal" && $0.name != "X-Praxis-Deadline" }
                    .filter { $0.name != "traceparent" }.map { "\($0.name): \($0.value)" }
            }
            #expect(asked[0] == asked[1] && asked[1].contains("Accept-Language: de"))
            #expect(!asked[1].joined().contains("Cookie") && !asked[1].joined().contains("Authorization"))
            let principals = try fixture.seen.withLock { $0 }.map { try Self.principal($0) }
            #expect(principals[0] == principals[1] && principals[1].userAgent == "Reader 1.0")
        }
    }

    private static func principal(_ request: Request) throws -> Principal {
        let verifier = PrincipalVerifier(.registry, keys: try PairKeys(master: GatewayFixture.master, of: .registry))
        return try verifier.verify(
            request.headers["x-praxis-principal"], method: "GET",
            target: String(decoding: request.rawTarget, as: UTF8.self)
        ).1
    }

    @Test func `each request over one connection is made in the name of its own token, host and agent`() async throws {
        try await GatewayFixture.with { fixture in
            let tokens = try (1...3).map { try fixture.token(ID(high: 7, low: $0), session: ID(high: 8, low: $0)) }
            for round in 0..<12 {
                let number = round * 7 % 3
                let answer = try await fixture.ask(
                    .get, "/api/patients",
                    ["Authorization": "Bearer \(tokens[number])", "User-Agent": "agent \(round % 2)"])
                #expect(answer.status == 200)
                let principal = try Self.principal(try #require(fixture.seen.withLock { $0.last }))
                #expect(principal.caller?.account == ID(high: 7, low: UInt64(number + 1)))
                #expect(principal.caller?.session == ID(high: 8, low: UInt64(number + 1)))
                #expect(principal.userAgent == "agent \(round % 2)")
            }
            let nobody = try await fixture.ask(.get, "/api/patients")
            #expect(nobody.status == 401)
        }
    }

    /// What is counted on the fast path and finished by the gateway is counted once.
    @Test(arguments: ["plain", "long", "failing"])
    func `a limit is the same limit on either way`(_ kind: String) async throws {
        try await GatewayFixture.with(
            environment: ["RATE_LIMIT_AUTHENTICATED": "10/1h"],
            registry: { _ in
                switch kind {
                case "long": Response(.ok, body: .bytes([UInt8](repeating: 0x20, count: 200_000)))
                case "failing": Response(.internalError, body: .bytes([0x7B, 0x7D]))
                default: Response(.ok, body: .bytes([0x7B, 0x7D]))
                }
            }
        ) { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            var statuses: [Int] = []
            var remaining: [String?] = []
            for _ in 0..<12 {
                let answer = try await fixture.ask(.get, "/api/patients", fields)
                statuses.append(answer.status)
                remaining.append(answer.headers["ratelimit-remaining"])
            }
            let good = kind == "failing" ? 500 : 200
            #expect(statuses == Array(repeating: good, count: 10) + [429, 429])
            #expect(remaining == (0..<10).reversed().map { String($0) } + ["0", "0"])
            #expect(fixture.seen.withLock { $0.count } == 10)
        }
    }

    @Test func `an owner that is short of something for a moment is asked once more, on either way`() async throws {
        let asked = Locked(0)
        try await GatewayFixture.with(
            registries: 2,
            registry: { request in
                if request.path == InstanceRefresh.healthPath { return Response(.ok) }
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                return Response(count % 2 == 1 ? .unavailable : .ok, body: .bytes([0x7B, 0x7D]))
            }
        ) { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            for round in 1...6 {
                #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
                #expect(asked.withLock { $0 } == 2 * round)
            }
        }
    }

    @Test func `a page of another origin is answered as before, a role that may not is refused`() async throws {
        try await GatewayFixture.with { fixture in
            let staff = "Bearer \(try fixture.token())"
            _ = try await Self.twice(fixture, ["Authorization": staff])
            let page = try await fixture.ask(
                .get, "/api/patients", ["Authorization": staff, "Origin": "http://localhost:3000"])
            #expect(page.headers["access-control-allow-origin"] == "http://localhost:3000")
            #expect(page.headers.values("vary") == ["Origin"])
            #expect(try await fixture.ask(.get, "/api/admin/users", ["Authorization": staff]).status == 403)
            #expect(try await fixture.ask(.get, "/api/patients//", ["Authorization": staff]).status == 200)
        }
    }
}
