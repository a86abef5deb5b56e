package import API
package import HTTP
package import Kernel
import Lifecycle
package import Net

/// All instances of one service as this process sees them: where they are, how they do, and which gets the next
/// request.
package final class ServiceInstances: Sendable {
    package let service: ServiceName
    private let urls: [UpstreamURL]
    private let client: HTTPClient
    private let resolver: Resolver
    private let clock: any WallClock
    private let state: Locked<State>

    private struct State {
        /// Raised when the addresses change: an answer about an instance of an older round says nothing.
        var round = 0
        var addresses: [SocketAddress] = []
        var upstreams: [Upstream] = []
        var selection = InstanceSelection(count: 0)
        var breaker: CircuitBreaker
        var budget = RetryBudget()
        /// An instance has answered since this process started.
        var hasAnswered = false
    }

    /// One instance, taken for one request; it must be given back by telling how that went.
    package struct Lease: Sendable {
        package let upstream: Upstream
        fileprivate let index: Int
        fileprivate let round: Int
    }

    /// What asking for an instance gave.
    package enum LeaseOutcome: Sendable {
        case leased(Lease)
        /// The circuit breaker is open.
        case circuitOpen(until: Instant)
        /// None is known.
        case noInstance
    }

    /// Instances given by IP address are there at once, those given by name after the first `locate()`.
    package init(
        _ service: ServiceName, urls: [UpstreamURL], client: HTTPClient, resolver: Resolver, clock: any WallClock
    ) {
        self.service = service
        self.urls = urls
        self.client = client
        self.resolver = resolver
        self.clock = clock
        state = Locked(State(breaker: CircuitBreaker(at: clock.now)))
        if !hasNames { replace(urls.compactMap { url in url.address.map { ($0, url) } }) }
    }

    /// Whether some instances are found by names, whose addresses may change.
    package var hasNames: Bool { urls.contains { $0.address == nil } }

    /// How many are known.
    package var count: Int { state.withLock { $0.upstreams.count } }

    package func lease() -> LeaseOutcome { lease(at: clock.now) }

    package func lease(at now: Instant) -> LeaseOutcome {
        state.withLock { state in
            state.budget.earn()
            if case .refuse(let until) = state.breaker.ask(at: now) { return .circuitOpen(until: until) }
            guard let index = state.selection.take(at: now) else { return .noInstance }
            return .leased(Lease(upstream: state.upstreams[index], index: index, round: state.round))
        }
    }

    /// An instance other than the one that was tried; nil when there is no other, or nothing left of the retry budget.
    /// - Parameter isFree: whether the retry costs nothing, the first instance having got nothing.
    func leaseAnother(than tried: Lease, isFree: Bool) -> Lease? {
        let now = clock.now
        return state.withLock { state in
            let except = tried.round == state.round ? tried.index : nil
            guard let index = state.selection.take(at: now, except: except) else { return nil }
            guard isFree || state.budget.spend() else {
                state.selection.released(index)
                return nil
            }
            return Lease(upstream: state.upstreams[index], index: index, round: state.round)
        }
    }

    package func succeeded(_ lease: Lease) { succeeded(lease, at: clock.now) }

    package func succeeded(_ lease: Lease, at now: Instant) {
        state.withLock { state in
            state.hasAnswered = true
            state.breaker.succeeded(at: now)
            if lease.round == state.round { state.selection.succeeded(lease.index) }
        }
    }

    /// - Parameter unreachable: nothing was sent. Until an instance has answered for the first time this opens no
    ///   circuit: it would keep requests away from a service that has just started.
    package func failed(_ lease: Lease, unreachable: Bool = false) {
        let now = clock.now
        state.withLock { state in
            if unreachable, !state.hasAnswered {
                if lease.round == state.round { state.selection.released(lease.index) }
                return
            }
            state.breaker.failed(at: now)
            if lease.round == state.round { state.selection.failed(lease.index, at: now) }
        }
    }

    /// The request ended without a word about the instance's health.
    package func released(_ lease: Lease) {
        state.withLock { if lease.round == $0.round { $0.selection.released(lease.index) } }
    }

    /// Resolves the names again.
    package func locate() async {
        var found: [(SocketAddress, UpstreamURL)] = []
        for url in urls {
            if let address = url.address {
                found.append((address, url))
            } else if let addresses = try? await resolver.addresses(of: url.host, port: url.port) {
                found += addresses.map { ($0, url) }
            } else if state.withLock({ !$0.upstreams.isEmpty }) {
                // A name server that does not answer says nothing about the instances we know.
                return
            }
        }
        replace(found)
    }

    private func replace(_ found: [(address: SocketAddress, url: UpstreamURL)]) {
        let addresses = found.map(\.address)
        guard state.withLock({ $0.addresses != addresses }) else { return }
        let upstreams = found.map { client.upstream(.address($0.address), authority: $0.url.authority) }
        state.withLock { state in
            state.round += 1
            state.addresses = addresses
            state.upstreams = upstreams
            state.selection = InstanceSelection(count: upstreams.count)
        }
    }

    /// Asks each instance whether it lives, all at once, and remembers the answer. One that does not, beside one that
    /// does, loses the reads it was given: they are asked elsewhere.
    package func check(_ isHealthy: @escaping @Sendable (Upstream) async -> Bool) async {
        let (round, upstreams) = state.withLock { ($0.round, $0.upstreams) }
        await withTaskGroup(of: Void.self) { group in
            for (index, upstream) in upstreams.enumerated() {
                group.addTask {
                    let isHealthy = await isHealthy(upstream)
                    if self.checked(index, isHealthy: isHealthy, in: round) { upstream.abandonReads() }
                }
            }
        }
    }

    /// Whether its reads are better asked elsewhere.
    private func checked(_ index: Int, isHealthy: Bool, in round: Int) -> Bool {
        let now = clock.now
        return state.withLock { state in
            guard state.round == round else { return false }
            state.selection.checked(index, isHealthy: isHealthy)
            return !isHealthy && state.selection.hasOther(than: index, at: now)
        }
    }
}
