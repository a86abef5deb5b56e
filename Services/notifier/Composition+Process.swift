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
        try self.init(
            Foundation(
                database: parts.database, clock: parts.clock, metrics: parts.metrics,
                contacts: IdentityContacts(parts.calls), isDevelopment: !parts.settings.isProduction),
            settings)
        let handling = Handling(consumer: parts.name.rawValue, database: parts.database) { [reaction] in
            try await reaction.react($0, in: $1)
        }
        hearing = Consumer(
            handling, of: [IdentityEvent.source, RegistryEvent.source], redis: parts.redis, group: parts.group,
            channels: parts.channels,
            metrics: parts.metrics)
    }

    package var assembled: Assembled {
        Assembled(routes: routes, services: [sending] + (hearing.map { [$0] } ?? []))
    }
}
