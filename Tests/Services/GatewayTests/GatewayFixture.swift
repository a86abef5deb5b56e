import API
import Chassis
import Crypto
import Forms
import Gateway
import GatewayDomain
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Observability
import Redis
import Settings
import Web

/// A clock that stands where it is put.
final class ManualClock: WallClock {
    private let time: Locked<Instant>
    init(_ start: Instant = SystemClock().now) { time = Locked(start) }
    var now: Instant { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

/// A gateway with stand-ins for identity and registry behind it: real sockets, real tokens, no database.
final class GatewayFixture: Sendable {
    let group: EventLoopGroup
    let gateway: HTTPServer
    let client: HTTPClient
    let upstream: Upstream
    let clock: ManualClock
    let revoked: RevokedSessions
    let key: SigningKey
    /// What the stand-in registry saw, as `METHOD target|field: value|…`.
    let seen: Locked<[Request]>
    /// Sessions that ended, as the stand-in identity lists them.
    let ended: Locked<[ID<Session>]>
    /// What became of the requests that were tried with the fast path.
    let ways: WatchedFastPath.Log
    let streams: PassingStreams
    /// How a client of ours speaks TLS with the gateway, where that has a certificate.
    let trust: TLSContext?
    private let servers: [HTTPServer]

    static let master = Secret("a master secret of thirty-two bytes and more")
    static let issuer = "http://localhost:8000"

    static func with<T: Sendable>(
        environment: [String: String] = [:], redis: RedisSettings? = nil, registries: Int = 1,
        endpoints: [Declaration] = Catalogue.all, timeout: Duration = .seconds(5), files: String = "/nonexistent",
        registry: @escaping Handler = { _ in Response(.ok, body: .bytes(Array("{}".utf8))) },
        _ body: @escaping @Sendable (GatewayFixture) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: 1)
        let result = try await group.run {
            let fixture = try await GatewayFixture(
                group, environment, redis, registries, endpoints, timeout, files, registry)
            do {
                let result = try await body(fixture)
                await fixture.close()
                return result
            } catch {
                await fixture.close()
                throw error
            }
        }
        group.shutDown()
        return result
    }

    private init(
        _ group: EventLoopGroup, _ environment: [String: String], _ redis: RedisSettings?, _ registries: Int,
        _ endpoints: [Declaration], _ timeout: Duration, _ files: String, _ registry: @escaping Handler
    ) async throws {
        self.group = group
        let key = try SigningKey.generate()
        let seen = Locked<[Request]>([])
        let (ended, ways) = (Locked<[ID<Session>]>([]), WatchedFastPath.Log())
        self.key = key
        self.seen = seen
        self.ended = ended
        self.ways = ways
        let identity = try await GatewayFixture.serve(group) { request in
            switch request.path {
            case "/.well-known/jwks.json": Response(.ok, body: .bytes(JWKS([key.verifying]).json))
            case "/internal/revocations": Response(.ok, body: .bytes(GatewayFixture.revocations(ended.withLock { $0 })))
            default: Response(.notFound)
            }
        }
        var records: [HTTPServer] = []
        for _ in 0..<registries {
            records.append(
                try await GatewayFixture.serve(group) { request in
                    // Health checks are not recorded.
                    if request.path != InstanceRefresh.healthPath { seen.withLock { $0.append(request) } }
                    return await registry(request)
                })
        }
        var reader = SettingsReader(
            Environment(process: ["PRAXIS_ENV": "development"].merging(environment) { $1 }))
        guard let settings = GatewaySettings(&reader) else { throw CancellationError() }
        let client = HTTPClient(group: group)
        let clock = ManualClock()
        let keys = try PairKeys(master: GatewayFixture.master, of: .gateway)
        let metrics = Metrics()
        let streams = PassingStreams(group, metrics: metrics)
        self.streams = streams
        func urls(_ servers: [HTTPServer]) -> [String] { servers.map { "http://127.0.0.1:\($0.address?.port ?? 0)" } }
        let services = try ServiceClient(
            signer: PrincipalSigner(.gateway, keys: keys, clock: clock), client: client,
            upstreams: [.identity: urls([identity]), .registry: urls(records)], clock: clock, metrics: metrics)
        try await services.refresh().start()
        let keySet = KeySet(services: services, clock: clock)
        self.client = client
        self.clock = clock
        revoked = RevokedSessions(services: services, lifetime: settings.tokenLifetime, clock: clock)
        let handler = try GatewayHandler(
            settings: settings, endpoints: endpoints, own: [],
            authenticator: Authenticator(
                verifier: TokenVerifier(issuer: settings.issuer, audience: settings.audience), keys: keySet,
                revoked: revoked, group: group),
            counters: RateCounters(
                redis: redis.map { RedisClient($0, group: group) }, limits: settings.limits,
                replicas: settings.replicas, metrics: metrics),
            forward: Forward(services: services, streams: streams, clock: clock, timeout: timeout),
            pages: Pages(
                schema: .object([]),
                site: Pages.Site(
                    folder: files, isDevelopment: settings.isDevelopment,
                    securityContact: settings.securityContact)), clock: clock,
            metrics: metrics)
        gateway = HTTPServer(
            .loopback(), group: group, tls: try settings.certificate?.context(), refusal: ProblemAnswer.refusal,
            fastPath: { WatchedFastPath(ProxyFastPath(handler, $0), ways) }, handler: { await handler.answer($0) })
        try await gateway.start()
        trust = try settings.certificate.map { try TLSContext.client(authorities: $0.chain) }
        upstream = client.upstream(
            .address(gateway.address ?? .loopback()), authority: "localhost:8000", tls: trust, serverName: "localhost")
        servers = [identity] + records
    }

    private static func serve(_ group: EventLoopGroup, _ handler: @escaping Handler) async throws -> HTTPServer {
        let server = HTTPServer(.loopback(), group: group, handler: handler)
        try await server.start()
        return server
    }

    private static func revocations(_ sessions: [ID<Session>]) -> [UInt8] {
        let entries = sessions.map { "{\"session_id\":\"\($0)\"}" }.joined(separator: ",")
        return Array(#"{"sessions":[\#(entries)]}"#.utf8)
    }

    /// A connection to the gateway with no client of ours in between.
    func connect() async throws -> ByteStream {
        let stream = try await ByteStream.connect(
            to: gateway.address ?? .loopback(), on: group.loops[0], deadline: .after(.seconds(10)))
        if let trust { try await stream.secure(trust, serverName: "localhost", deadline: .after(.seconds(10))) }
        return stream
    }

    func stopRegistry(_ index: Int) async { await servers[1 + index].stop() }

    private func close() async {
        client.closeIdle()
        for server in [gateway] + servers { await server.stop() }
    }

    /// A token as identity gives it.
    func token(
        _ account: ID<Account> = ID(high: 1, low: 1), session: ID<Session> = ID(high: 2, low: 2), role: Role = .staff,
        isEnrolling: Bool = false, mustChangePassword: Bool = false
    ) throws -> String {
        let claims = AccessClaims(
            account: account, session: session, role: role, isEnrolling: isEnrolling,
            mustChangePassword: mustChangePassword, issuedAt: clock.now, expiresAt: clock.now + .seconds(900))
        return try TokenIssuer(issuer: GatewayFixture.issuer, audience: "praxis", key: key).sign(claims)
    }

    func ask(
        _ method: Method, _ target: String, _ headers: Headers = Headers(), body: String? = nil
    ) async throws -> (status: Int, headers: MessageFields, json: JSONValue?) {
        let request = try OutgoingRequest(
            method, target, headers: headers, body: body.map { .bytes(Array($0.utf8)) } ?? .none)
        let answer = try await client.send(request, to: upstream, deadline: .after(.seconds(10)))
        let bytes = try await answer.body.collect(upTo: 10_000_000)
        return (answer.status.code, answer.headers, try? JSONReader.read(bytes))
    }
}
