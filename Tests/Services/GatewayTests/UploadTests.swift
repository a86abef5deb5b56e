import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing

/// Bodies on their way through the gateway that do not end as they should.
@Suite struct UploadTests {
    private static func head(_ fixture: GatewayFixture, _ framing: String) throws -> String {
        "POST /api/patients HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(try fixture.token())\r\n"
            + "Content-Type: application/json\r\n\(framing)\r\n\r\n"
    }

    /// Sends it and answers with all that comes until the gateway closes.
    private static func say(_ text: String, _ fixture: GatewayFixture) async throws -> String {
        let loop = try #require(EventLoop.current)
        let place = try #require(fixture.gateway.address)
        let stream = try await ByteStream.connect(to: place, on: loop, deadline: .after(.seconds(10)))
        defer { stream.close() }
        stream.output = Array(text.utf8)
        var all: [UInt8] = []
        while await stream.fill() { all += stream.take() }
        return String(decoding: all + stream.take(), as: UTF8.self)
    }

    @Test func `broken bodies are their sender's fault and rest no service`() async throws {
        try await GatewayFixture.with(registry: { request in
            _ = try? await request.body.collect()
            return Response(.ok, body: .bytes([0x7B, 0x7D]))
        }) { fixture in
            for _ in 0..<15 {
                let answer = try await Self.say(
                    try Self.head(fixture, "Transfer-Encoding: chunked") + "2\r\n{}\r\nno", fixture)
                #expect(answer.hasPrefix("HTTP/1.1 400"))
            }
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
        }
    }

    @Test(arguments: [(200, 502), (403, 403)])
    func `an answer before the body was sent is believed only as a refusal, and the connection ends`(
        _ given: Int, _ told: Int
    ) async throws {
        try await GatewayFixture.with(registry: { _ in Response(Status(given)) }) { fixture in
            let answer = try await Self.say(try Self.head(fixture, "Content-Length: 100000") + "{", fixture)
            #expect(answer.hasPrefix("HTTP/1.1 \(told)"), "\(answer)")
            #expect(answer.contains("Connection: close"))
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == given)
        }
    }
}
