import API
package import Chassis
import Crypto
import Events
import GatewayDomain
import HTTP
import JSON
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
    private let services: ServiceClient

    package init(_ process: ServiceProcess, _ settings: GatewaySettings) throws {
        self.process = process
        self.settings = settings
        services = try ServiceClient(process)
    }

    package func content() throws -> ServiceProcess.Content {
        guard let redisSettings = RedisSettings(process.settings.redis) else {
            throw StartFault("REDIS_URL is not usable")
        }
        let redis = RedisClient(redisSettings, group: process.group, metrics: process.metrics)
        let keys = KeySet(services: services, clock: process.clock)
        let revoked = RevokedSessions(
            services: services, lifetime: settings.tokenLifetime + TokenVerifier.leeway, clock: process.clock)
        let streams = PassingStreams(process.group, metrics: process.metrics)
        let handler = try handler(redis, keys, revoked, streams)
        process.shutdown.onRequest { [grace = process.settings.grace] in streams.drain(within: grace / 4) }
        let tls = try settings.certificate?.context()
        if let tls, let files = settings.certificate { process.hangUp.add { files.renew(tls) } }
        let server = HTTPServer(
            try ListenAddress.read(process.settings.bind, process.settings.port), group: process.group, limits: limits,
            tls: tls, refusal: { handler.refuse($0) },
            fastPath: { ProxyFastPath(handler, $0) }, handler: { await handler.answer($0) })
        let live = OnSessionEnded(
            revoked: revoked, keys: keys, redis: redisSettings, channel: Channels().live(of: EventSource.identity.name),
            on: process.group.loops[0], metrics: process.metrics)
        return ServiceProcess.Content(
            services: [redis, services.refresh(), live, server], probes: probes(redis, keys))
    }

    private func handler(
        _ redis: RedisClient, _ keys: KeySet, _ revoked: RevokedSessions, _ streams: PassingStreams
    ) throws -> GatewayHandler {
        let authenticator = Authenticator(
            verifier: TokenVerifier(issuer: settings.issuer, audience: settings.audience), keys: keys, revoked: revoked,
            group: process.group)
        let counters = RateCounters(
            redis: redis, limits: settings.limits, replicas: settings.replicas, metrics: process.metrics)
        let forward = Forward(
            services: services, streams: streams, clock: process.clock, timeout: settings.timeout)
        let health = SystemHealth(services: services, redis: redis, clock: process.clock)
        return try GatewayHandler(
            settings: settings, endpoints: Catalogue.all,
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
            pages: pages(redis),
            clock: process.clock, metrics: process.metrics)
    }

    private func pages(_ redis: RedisClient) -> Pages {
        let notes = DemoNotes(redis: redis)
        let ids: @Sendable () async -> [DemoRecord: String] = { await notes.ids }
        return Pages(
            schema: OpenAPIDocument.json(Catalogue.all.filter(\.isPublic), version: Release.version),
            site: Pages.Site(
                folder: settings.staticFolder, isDevelopment: settings.isDevelopment,
                securityContact: settings.securityContact),
            demoIDs: settings.isDevelopment ? ids : nil)
    }

    private var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.drain = process.settings.grace * 4 / 5
        // A service is to know within a second that nobody waits for its answer any more.
        limits.halfCloseGrace = .milliseconds(500)
        limits.connections.onRefusal = { [refused = process.refused] in refused.note($0) }
        limits.connections.isExempt = { [clients = settings.clients] peer in
            NetworkAddress(peer).map(clients.isTrusted) ?? false
        }
        limits.keepAliveIdle = settings.keepAlive
        // What an endpoint allows is decided at its route; no body is ever larger than the largest declared.
        limits.bodyBytes = Catalogue.all.map(\.bodyLimit).max() ?? limits.bodyBytes
        return limits
    }

    private func probes(_ redis: RedisClient, _ keys: KeySet) -> [Probe] {
        let identity = Probe("identity", .degrading) {
            if keys.current.keys.isEmpty { throw StartFault("no key set was ever had") }
        }
        return [.redis(redis), identity]
    }
}
