import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Testing

/// What was good a request ago, and is no longer.
@Suite struct ProxyFastPathEndTests {
    private static func status(_ house: House, _ token: String) async throws -> Int {
        try await house.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"]).status
    }

    @Test func `a session that has ended is refused on the very next request`() async throws {
        try await House.with { house in
            let token = try house.token(session: ID(high: 4, low: 4))
            let other = try house.token(session: ID(high: 4, low: 5))
            for token in [token, other, token, token, other] { #expect(try await Self.status(house, token) == 200) }
            #expect(house.ways.now == .init(carried: 3))
            house.ended.withLock { $0 = [ID(high: 4, low: 4)] }
            await house.revoked.synchronise()
            #expect(try await Self.status(house, token) == 401)
            #expect(try await Self.status(house, other) == 200)
            #expect(try await Self.status(house, token) == 401)
            #expect(house.seen.withLock { $0.count } == 6)
            #expect(house.ways.now == .init(carried: 4))
        }
    }

    @Test func `a token that has expired is refused on the very next request`() async throws {
        try await House.with { house in
            let token = try house.token()
            for _ in 0..<3 { #expect(try await Self.status(house, token) == 200) }
            #expect(house.ways.now == .init(carried: 2))
            house.clock.advance(by: .seconds(2_000))
            #expect(try await Self.status(house, token) == 401)
            #expect(house.seen.withLock { $0.count } == 3)
            let renewed = try house.token()
            for _ in 0..<2 { #expect(try await Self.status(house, renewed) == 200) }
            #expect(house.ways.now == .init(carried: 3))
        }
    }
}
