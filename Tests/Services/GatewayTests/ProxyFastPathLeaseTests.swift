import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Net
import Testing

/// An instance that is taken for a request is given back, whatever becomes of it: the least busy one is asked next, so
/// one that was not given back would be passed over from then on.
@Suite struct ProxyFastPathLeaseTests {
    @Test(arguments: ["plain", "long", "failing", "left"])
    func `both instances are asked as often after troubles as before`(_ trouble: String) async throws {
        let underWay = Locked(0)
        let gate = Latch()
        try await GatewayFixture.with(
            registries: 2,
            registry: { request in
                switch request.rawTarget.contains(0x3F) ? trouble : "" {
                case "long": return Response(.ok, body: .bytes([UInt8](repeating: 0x20, count: 100_000)))
                case "failing": return Response(.internalError, body: .bytes([0x7B, 0x7D]))
                case "left":
                    underWay.withLock { $0 += 1 }
                    await gate.wait()
                    return Response(.ok)
                default: return Response(.ok, body: .bytes([0x7B, 0x7D]))
                }
            }
        ) { fixture in
            let token = try fixture.token()
            let fields: Headers = ["Authorization": "Bearer \(token)"]
            for _ in 0..<4 { #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200) }
            let before = fixture.ways.now
            // An odd number: what each instance has lost would not be the same.
            for round in 1...3 {
                if trouble == "left" {
                    try await Self.leave(fixture, token, underWay, round)
                } else {
                    _ = try await fixture.ask(.get, "/api/patients?x=1", fields)
                }
            }
            let after = fixture.ways.now
            #expect(after.carried - before.carried == (trouble == "plain" ? 3 : 0))
            #expect(after.finished - before.finished == (trouble == "plain" ? 0 : 3))
            gate.fire()
            fixture.seen.withLock { $0 = [] }
            for _ in 0..<8 { #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200) }
            let hosts = fixture.seen.withLock { $0 }.map { $0.headers["host"] ?? "" }
            let counts = Dictionary(hosts.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(counts.values.sorted() == [4, 4])
        }
    }

    private static func leave(
        _ fixture: GatewayFixture, _ token: String, _ underWay: Locked<Int>, _ round: Int
    ) async throws {
        let connections = fixture.gateway.connections
        let stream = try await fixture.connect()
        let text =
            "GET /api/patients?x=1 HTTP/1.1\r\nHost: localhost:8000\r\nAuthorization: Bearer \(token)\r\n\r\n"
        stream.output.append(contentsOf: text.utf8)
        stream.flush()
        let deadline = Deadline.after(.seconds(10))
        while underWay.withLock({ $0 }) < round, !deadline.isPast() {
            try await fixture.group.loops[0].sleep(.milliseconds(1))
        }
        stream.close()
        while fixture.gateway.connections > connections, !deadline.isPast() {
            try await fixture.group.loops[0].sleep(.milliseconds(1))
        }
        #expect(!deadline.isPast())
    }
}
