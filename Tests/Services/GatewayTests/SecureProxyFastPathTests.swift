import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing

/// The fast path of a gateway that speaks TLS: what comes in records, and ends anywhere in them.
@Suite struct SecureProxyFastPathTests {
    private static func text(_ token: String, _ number: Int, closes: Bool = false) -> String {
        "GET /api/patients?n=\(number) HTTP/1.1\r\nHost: localhost:8000\r\nX-Request-Id: request-\(number)\r\n"
            + "Authorization: Bearer \(token)\r\n\(closes ? "Connection: close\r\n" : "")\r\n"
    }

    private static func with(_ body: @escaping @Sendable (GatewayFixture) async throws -> Void) async throws {
        let certificate = TestCertificate()
        var environment = certificate.environment
        environment["RATE_LIMIT_AUTHENTICATED"] = "100000/1h"
        try await GatewayFixture.with(
            environment: environment,
            registry: { request in
                Response(.ok, body: .bytes(Array("of ".utf8) + request.rawTarget.drop { $0 != 0x3F }))
            }, body)
    }

    private static func check(_ answer: RawAnswer, _ number: Int) {
        #expect(answer.lines.first == "HTTP/1.1 200 OK", "\(number)")
        #expect(answer.value("X-Request-Id") == "request-\(number)")
        #expect(String(decoding: answer.body, as: UTF8.self) == "of ?n=\(number)")
        #expect(answer.value("Strict-Transport-Security") != nil)
    }

    @Test func `a request cut at any byte is carried as if it had come whole`() async throws {
        try await Self.with { fixture in
            let token = try fixture.token()
            let stream = try await fixture.connect()
            stream.output.append(contentsOf: Self.text(token, 0).utf8)
            Self.check(try await RawAnswer.next(on: stream), 0)
            let count = Self.text(token, 100).utf8.count
            for cut in 1..<count {
                let number = 100 + cut % 800
                let bytes = Array(Self.text(token, number).utf8)
                stream.output.append(contentsOf: bytes[..<cut])
                stream.flush()
                try await stream.loop.sleep(.microseconds(200))
                stream.output.append(contentsOf: bytes[cut...])
                Self.check(try await RawAnswer.next(on: stream), number)
            }
            stream.close()
            #expect(fixture.ways.now == .init(carried: count - 1))
        }
    }

    @Test func `far more than a stream reads at once is answered in its order`() async throws {
        try await Self.with { fixture in
            let token = try fixture.token()
            _ = try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"])
            let stream = try await fixture.connect()
            let count = 400
            let all = (1...count).map { Self.text(token, $0, closes: $0 == count) }.joined()
            #expect(all.utf8.count > 3 * ByteStream.highWater)
            stream.output.append(contentsOf: all.utf8)
            for number in 1...count { Self.check(try await RawAnswer.next(on: stream), number) }
            #expect(await stream.fill() == false && stream.available == 0)
            stream.close()
            #expect(fixture.seen.withLock { $0.count } == count + 1)
            #expect(fixture.ways.now.carried > count / 2)
        }
    }
}
