package import API
import GatewayDomain
package import HTTP
package import Kernel
import Lifecycle
package import Net
package import Web

/// All instances of one service as this gateway sees them: where they are, how they do, and whether to ask at all.
package final class ServiceInstances: Sendable {
    package let service: ServiceName
    private let urls: [UpstreamURL]
    private let client: HTTPClient
    private let resolver: Resolver
    private let signer: PrincipalSigner
    private let clock: any WallClock
    private let tls: TLSContext?
    private let state: Locked<State>

    private struct State {
        /// Raised when the instances change: an answer about an instance of an older round says nothing.
        var round = 0
        var addresses: [SocketAddress] = []
        var upstreams: [Upstream] = []
        var selection = InstanceSelection(count: 0)
        var breaker: CircuitBreaker
        var budget = RetryBudget()
    }

    /// One instance, taken for one request; it must be given back by telling how it went.
    package struct Lease: Sendable {
        package let upstream: Upstream
        package let index: Int
        fileprivate let round: Int
    }

    /// What asking for an instance gave.
    package enum LeaseOutcome: Sendable {
        case leased(Lease)
        /// The circuit breaker is open.
        case circuitOpen(until: Instant)
        /// None is known, or all of them were tried.
        case noInstance
    }

    package init(
        _ service: ServiceName, urls: [UpstreamURL], client: HTTPClient, resolver: Resolver, signer: PrincipalSigner,
        tls: TLSContext?, clock: any WallClock
    ) {
        self.service = service
        self.urls = urls
        self.client = client
        self.resolver = resolver
        self.signer = signer
        self.tls = tls
        self.clock = clock
        state = Locked(State(breaker: CircuitBreaker(at: clock.now)))
    }

    package func lease(except tried: Set<Int> = []) -> LeaseOutcome { lease(except: tried, at: clock.now) }

    func lease(except tried: Set<Int> = [], at now: Instant) -> LeaseOutcome {
        state.withLock { state in
            if tried.isEmpty {
                state.budget.earn()
                if case .refuse(let until) = state.breaker.ask(at: now) { return .circuitOpen(until: until) }
            }
            guard let index = state.selection.take(at: now, except: tried) else { return .noInstance }
            return .leased(Lease(upstream: state.upstreams[index], index: index, round: state.round))
        }
    }

    package func mayRetry() -> Bool { state.withLock { $0.budget.spend() } }

    package func succeeded(_ lease: Lease) { succeeded(lease, at: clock.now) }

    func succeeded(_ lease: Lease, at now: Instant) {
        state.withLock { state in
            state.breaker.succeeded(at: now)
            if lease.round == state.round { state.selection.succeeded(lease.index) }
        }
    }

    package func failed(_ lease: Lease) {
        let now = clock.now
        state.withLock { state in
            state.breaker.failed(at: now)
            if lease.round == state.round { state.selection.failed(lease.index, at: now) }
        }
    }

    package func released(_ lease: Lease) {
        state.withLock { if lease.round == $0.round { $0.selection.released(lease.index) } }
    }

    /// Looks up where the instances are now, and asks each whether it lives.
    package func refresh() async {
        await locate()
        let (round, upstreams) = state.withLock { ($0.round, $0.upstreams) }
        for (index, upstream) in upstreams.enumerated() {
            let isHealthy = await lives(upstream)
            state.withLock { if $0.round == round { $0.selection.checked(index, isHealthy: isHealthy) } }
        }
    }

    private func locate() async {
        var found: [(SocketAddress, UpstreamURL)] = []
        for url in urls {
            if let address = SocketAddress(host: url.host == "localhost" ? "127.0.0.1" : url.host, port: url.port) {
                found.append((address, url))
            } else if let addresses = try? await resolver.addresses(of: url.host, port: url.port) {
                found += addresses.map { ($0, url) }
            } else if state.withLock({ !$0.upstreams.isEmpty }) {
                // A name server that does not answer says nothing about the instances we know.
                return
            }
        }
        let addresses = found.map(\.0)
        guard state.withLock({ $0.addresses != addresses }) else { return }
        let upstreams = found.map { address, url in
            client.upstream(
                .address(address), authority: url.authority, tls: url.isSecure ? tls : nil,
                serverName: url.isSecure ? url.host : nil)
        }
        state.withLock { state in
            state.round += 1
            state.addresses = addresses
            state.upstreams = upstreams
            state.selection = InstanceSelection(count: upstreams.count)
        }
    }

    /// Any answer but a server error is a sign of life. It is asked in the gateway's name, since a service warns of every
    /// request without a principal.
    private func lives(_ upstream: Upstream) async -> Bool {
        guard let request = signer.asking(service, for: ServiceInstances.healthPath),
            let answer = try? await client.send(request, to: upstream, deadline: .after(.seconds(1)))
        else { return false }
        _ = try? await answer.body.collect(upTo: 65_536)
        return answer.status.code < 500
    }

    /// The same path at every service.
    package static let healthPath = OperationAPI.condition(of: .identity).declaration.path.description
}
