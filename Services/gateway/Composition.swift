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
    private let process: ServiceProcess
    private let settings: GatewaySettings
    private let client: HTTPClient
    private let instances: [ServiceName: ServiceInstances]
    private let signer: PrincipalSigner

    package init(_ process: ServiceProcess, _ settings: GatewaySettings) throws {
        (self.process, self.settings) = (process, settings)
        client = HTTPClient(group: process.group)
        signer = PrincipalSigner(.gateway, keys: process.settings.keys, clock: process.clock)
        let resolver = Resolver(pool: BlockingPool(name: "names", threads: 2, queue: 64))
        var instances: [ServiceName: ServiceInstances] = [:]
        for (name, texts) in process.settings.upstreams {
            let urls = texts.compactMap { UpstreamURL($0) }
            instances[name] = ServiceInstances(
                name, urls: urls, client: client, resolver: resolver, signer: signer,
                tls: urls.contains(where: \.isSecure) ? try TLSContext.client() : nil, clock: process.clock)
        }
        self.instances = instances
    }

    private func colleague(_ name: ServiceName) throws -> Colleague {
        guard let instances = instances[name] else { throw StartFault("\(name.rawValue.uppercased())_URL is not set") }
        return Colleague(instances, signer: signer, client: client)
    }

    package func content() throws -> ServiceProcess.Content {
        guard let redisSettings = RedisSettings(process.settings.redis) else {
            throw StartFault("REDIS_URL is not usable")
        }
        let redis = RedisClient(redisSettings, group: process.group, metrics: process.metrics)
        let identity = try colleague(.identity)
        let keys = KeySet(identity: identity, clock: process.clock)
        let revoked = RevokedSessions(
            identity: identity, lifetime: settings.tokenLifetime + TokenVerifier.leeway, clock: process.clock)
        let handler = try handler(redis, keys, revoked)
        let tls = try settings.certificate?.context()
        if let tls, let files = settings.certificate { process.hangUp.add { files.renew(tls) } }
        let server = HTTPServer(
            try ListenAddress.read(process.settings.bind, process.settings.port), group: process.group, limits: limits,
            tls: tls, refusal: { handler.refuse($0) },
            fastPath: { ProxyFastPath(handler, $0) }, handler: { await handler.answer($0) })
        let live = OnSessionEnded(
            revoked: revoked, keys: keys, redis: redisSettings, channel: Channels().live(of: IdentityEvent.source),
            on: process.group.loops[0])
        let watch = InstanceHealthCheck(instances.values.map { $0 }, on: process.group.loops[0])
        return ServiceProcess.Content(services: [redis, watch, live, server], probes: probes(redis, keys))
    }

    private func handler(_ redis: RedisClient, _ keys: KeySet, _ revoked: RevokedSessions) throws -> GatewayHandler {
        let authenticator = Authenticator(
            verifier: TokenVerifier(issuer: settings.issuer, audience: settings.audience), keys: keys, revoked: revoked,
            group: process.group)
        let counters = RateCounters(
            redis: redis, limits: settings.limits, replicas: settings.replicas, metrics: process.metrics)
        let forward = Forward(
            instances: instances, client: client, signer: signer, clock: process.clock, timeout: settings.timeout,
            metrics: process.metrics)
        let services = try ServiceName.allCases.filter { $0 != .gateway }.map { ($0, try colleague($0)) }
        let health = SystemHealth(services: services, redis: redis, clock: process.clock)
        return try GatewayHandler(
            settings: settings,
            own: [
                (
                    OperationAPI.health.declaration,
                    { @Sendable _, context in
                        context.response(
                            HealthAnswer(await health.view()), of: OperationAPI.health.declaration)
                    }
                )
            ],
            authenticator: authenticator, counters: counters, forward: forward,
            pages: Pages(
                schema: OpenAPIDocument.bytes(Catalogue.all.filter(\.isPublic), version: Release.version),
                folder: settings.staticFolder),
            clock: process.clock, metrics: process.metrics)
    }

    private var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.drain = process.settings.grace * 4 / 5
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
