import API
package import Chassis
import Events
import Kernel
import Messaging
import Settings

extension Composition {
    /// In a process of its own.
    package init(_ parts: ServiceParts) throws {
        var reader = SettingsReader(parts.environment)
        let settings = try NotifierSettings(&reader)
        let identity = IdentityContent(parts.calls)
        try self.init(
            Dependencies(
                database: parts.database, clock: parts.clock, metrics: parts.metrics,
                contacts: identity, contents: ContentSources(identity: identity), unit: parts.unit, audit: parts.audit,
                streams: RedisStreams(
                    Self.sources, of: parts.name.rawValue, redis: parts.redis, channels: parts.channels),
                isDevelopment: !parts.settings.isProduction),
            settings)
        let handler = EventHandler(consumer: parts.name.rawValue, database: parts.database) { [reaction] in
            try await reaction.react($0, in: $1)
        }
        hearing = Consumer(
            handler, of: Self.sources, redis: parts.redis, group: parts.group,
            channels: parts.channels,
            metrics: parts.metrics)
    }

    /// The services whose events are consumed.
    private static let sources = EventSource.all.map(\.name)

    package var assembled: Assembled {
        Assembled(routes: routes, services: sending + [measures] + (hearing.map { [$0] } ?? []))
    }
}
