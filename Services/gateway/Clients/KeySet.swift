import API
package import Chassis
package import Crypto
import JSON
package import Kernel
import Lifecycle
import Observability

/// The public keys tokens are verified with: fetched once for all who wait, kept when identity is away.
package final class KeySet: Sendable {
    private let services: ServiceClient
    private let clock: any WallClock
    private let state = Locked(State())

    private struct State {
        var keys = JWKS([])
        var fetched: Instant?
        var fetch: Latch?
    }

    /// Between two fetches for a key nobody knows: made-up key ids must not become a load on identity.
    private static let pause = Duration.seconds(5)

    package init(services: ServiceClient, clock: any WallClock) {
        self.services = services
        self.clock = clock
    }

    package var current: JWKS { state.withLock { $0.keys } }

    /// The keys with the one of that id, if identity has it and can be asked.
    package func keys(knowing id: String?) async -> JWKS {
        let known = current
        if let id, known[id] != nil { return known }
        if id == nil, !known.keys.isEmpty { return known }
        await refresh(unlessWithin: KeySet.pause)
        return current
    }

    package func refresh(unlessWithin pause: Duration = .zero) async {
        let now = clock.now
        let (latch, isMine) = state.withLock { state -> (Latch?, Bool) in
            if let running = state.fetch { return (running, false) }
            if let fetched = state.fetched, now - fetched < pause { return (nil, false) }
            let latch = Latch()
            state.fetch = latch
            return (latch, true)
        }
        guard let latch else { return }
        guard isMine else { return await latch.wait() }
        let json = try? await services.ask(TokensAPI.keySet.declaration, within: .seconds(2))
        let keys = json.flatMap { try? JWKS(json: $0.bytes) }
        if keys == nil { log.warning("the key set could not be fetched, the last one is kept") }
        state.withLock { state in
            if let keys {
                state.keys = keys
                state.fetched = now
            }
            state.fetch = nil
        }
        latch.fire()
    }
}
