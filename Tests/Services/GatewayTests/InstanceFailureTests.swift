import Chassis
import Gateway
import HTTP
import Kernel
import Lifecycle
import Testing

/// What counts against an instance, and what is answered when a second one does no better.
@Suite struct InstanceFailureTests {
    @Test func `a query that makes the answer's head too large puts the service out of nobody else's reach`()
        async throws
    {
        try await GatewayFixture.with(registry: { request in
            let links = String(repeating: "x", count: request.rawTarget.contains(0x3F) ? 40_000 : 1)
            return Response(.ok, headers: ["Link": links], body: .bytes([0x7B, 0x7D]))
        }) { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            for _ in 0..<30 {
                #expect(try await fixture.ask(.get, "/api/patients?search=x", fields).status == 502)
            }
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
        }
    }

    @Test func `a service's own refusal is answered when the second instance is gone`() async throws {
        try await GatewayFixture.with(
            registries: 2,
            registry: { request in
                if request.path == InstanceRefresh.healthPath { return Response(.ok) }
                return Response(.unavailable, headers: ["Retry-After": "77"], body: .bytes([0x7B, 0x7D]))
            }
        ) { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            await fixture.stopRegistry(1)
            for _ in 0..<4 {
                let answer = try await fixture.ask(.get, "/api/patients", fields)
                #expect(answer.status == 503 && answer.headers["retry-after"] == "77")
            }
        }
    }
}
