import API
package import Chassis
import Crypto
import Events
import HTTP
import Kernel
import Lifecycle
import Messaging
import Net
import Redis
import Settings
import Web

/// Where the gateway's parts are made and joined.
package struct Composition: Sendable {
    private let frame: Frame
    private let settings: GatewaySettings
    private let client: HTTPClient
    private let fleets: [ServiceName: Fleet]
    private let signer: PrincipalSigner

    package init(_ frame: Frame, _ settings: GatewaySettings) throws {
        (self.frame, self.settings) = (frame, settings)
        client = HTTPClient(group: frame.group)
        signer = PrincipalSigner(.gateway, keys: frame.settings.keys, clock: frame.clock)
        let resolver = Resolver(pool: BlockingPool(name: "names", threads: 2, queue: 64))
        var fleets: [ServiceName: Fleet] = [:]
        for (name, texts) in frame.settings.upstreams {
            let urls = texts.compactMap { UpstreamURL($0) }
            fleets[name] = Fleet(
                name, urls: urls, client: client, resolver: resolver, signer: signer,
                tls: urls.contains(where: \.isSecure) ? try TLSContext.client() : nil, clock: frame.clock)
        }
        self.fleets = fleets
    }

    private func colleague(_ name: ServiceName) throws -> Colleague {
        guard let fleet = fleets[name] else { throw StartFault("\(name.rawValue.uppercased())_URL is not set") }
        return Colleague(fleet, signer: signer, client: client)
    }

    package func content() throws -> Frame.Content {
        guard let place = RedisSettings(frame.settings.redis) else { throw StartFault("REDIS_URL is not usable") }
        let redis = RedisClient(place, group: frame.group, metrics: frame.metrics)
        let identity = try colleague(.identity)
        let keys = KeySet(identity: identity, clock: frame.clock)
        let revoked = RevokedSessions(
            identity: identity, lifetime: settings.tokenLifetime + TokenVerifier.leeway, clock: frame.clock)
        let door = try door(redis, keys, revoked)
        let server = HTTPServer(
            try ListenAddress.read(frame.settings.bind, frame.settings.port), group: frame.group, limits: limits,
            tls: try settings.certificate?.context(), refusal: { door.refuse($0) },
            shortWay: { Passage(door, $0) }, handler: { await door.answer($0) })
        let live = OnSessionEnded(
            revoked: revoked, keys: keys, redis: place, channel: Channels().live(of: IdentityEvent.source),
            on: frame.group.loops[0])
        let watch = FleetWatch(fleets.values.map { $0 }, on: frame.group.loops[0])
        return Frame.Content(services: [redis, watch, live, server], probes: probes(redis, keys))
    }

    private func door(_ redis: RedisClient, _ keys: KeySet, _ revoked: RevokedSessions) throws -> FrontDoor {
        let identification = Identification(
            verifier: TokenVerifier(issuer: settings.issuer, audience: settings.audience), keys: keys, revoked: revoked,
            group: frame.group)
        let counters = RateCounters(
            redis: redis, limits: settings.limits, replicas: settings.replicas, metrics: frame.metrics)
        let forward = Forward(
            fleets: fleets, client: client, signer: signer, clock: frame.clock, patience: settings.patience,
            metrics: frame.metrics)
        let services = try ServiceName.allCases.filter { $0 != .gateway }.map { ($0, try colleague($0)) }
        let health = SystemHealth(services: services, redis: redis, clock: frame.clock)
        return try FrontDoor(
            settings: settings,
            own: [
                (
                    OperationAPI.health.declaration,
                    { @Sendable _, visit in
                        let answer = HealthAnswer(await health.view())
                        return answer.answered.response(to: visit.call(OperationAPI.health.declaration))
                    }
                )
            ],
            identification: identification, counters: counters, forward: forward,
            pages: Pages(
                schema: OpenAPIDocument.bytes(Catalogue.all.filter(\.isPublic), version: Release.version),
                folder: settings.staticFolder),
            clock: frame.clock, metrics: frame.metrics)
    }

    private var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.drain = frame.settings.grace * 4 / 5
        // What an endpoint allows is decided at its route; no body is ever larger than the largest declared.
        limits.bodyBytes = Catalogue.all.map(\.bodyLimit).max() ?? limits.bodyBytes
        return limits
    }

    private func probes(_ redis: RedisClient, _ keys: KeySet) -> [Probe] {
        let identity = Probe("identity", .degrading) {
            if keys.current.keys.isEmpty { throw StartFault("no key set was ever had") }
        }
        return [Probe("redis", .degrading) { try await redis.ping() }, identity]
    }
}
