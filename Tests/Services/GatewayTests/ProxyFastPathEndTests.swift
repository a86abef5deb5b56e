import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Testing

/// What was good a request ago, and is no longer.
@Suite struct ProxyFastPathEndTests {
    private static func status(_ fixture: GatewayFixture, _ token: String) async throws -> Int {
        try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"]).status
    }

    @Test func `a session that has ended is refused on the very next request`() async throws {
        try await GatewayFixture.with { fixture in
            let token = try fixture.token(session: ID(high: 4, low: 4))
            let other = try fixture.token(session: ID(high: 4, low: 5))
            for token in [token, other, token, token, other] { #expect(try await Self.status(fixture, token) == 200) }
            #expect(fixture.ways.now == .init(carried: 3))
            fixture.ended.withLock { $0 = [ID(high: 4, low: 4)] }
            await fixture.revoked.synchronise()
            #expect(try await Self.status(fixture, token) == 401)
            #expect(try await Self.status(fixture, other) == 200)
            #expect(try await Self.status(fixture, token) == 401)
            #expect(fixture.seen.withLock { $0.count } == 6)
            #expect(fixture.ways.now == .init(carried: 4))
        }
    }

    @Test func `a token that has expired is refused on the very next request`() async throws {
        try await GatewayFixture.with { fixture in
            let token = try fixture.token()
            for _ in 0..<3 { #expect(try await Self.status(fixture, token) == 200) }
            #expect(fixture.ways.now == .init(carried: 2))
            fixture.clock.advance(by: .seconds(2_000))
            #expect(try await Self.status(fixture, token) == 401)
            #expect(fixture.seen.withLock { $0.count } == 3)
            let renewed = try fixture.token()
            for _ in 0..<2 { #expect(try await Self.status(fixture, renewed) == 200) }
            #expect(fixture.ways.now == .init(carried: 3))
        }
    }
}
