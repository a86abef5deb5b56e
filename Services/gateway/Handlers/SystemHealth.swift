package import API
import JSON
package import Kernel
import Lifecycle
package import Redis

/// How the whole system is: every service is asked for its condition; the answer is kept for a second, so that asking
/// for health is no load.
package final class SystemHealth: Sendable {
    private let services: [(ServiceName, Colleague)]
    private let redis: RedisClient?
    private let clock: any WallClock
    private let kept = Locked<(view: HealthView, until: Instant)?>(nil)

    /// Without these nobody can log in or see a record; the others only make the system less.
    private static let required: Set<ServiceName> = [.identity, .registry]

    package init(services: [(ServiceName, Colleague)], redis: RedisClient?, clock: any WallClock) {
        (self.services, self.redis, self.clock) = (services, redis, clock)
    }

    package func view() async -> HealthView {
        let now = clock.now
        if let kept = kept.withLock({ $0 }), now < kept.until { return kept.view }
        let view = HealthView(checks: await checks())
        kept.withLock { $0 = (view, now + .seconds(1)) }
        return view
    }

    private func checks() async -> [DependencyView] {
        let conditions = await conditions()
        var checks = services.map { name, _ in
            DependencyView(name: name.rawValue, isUp: conditions[name] != nil, isRequired: Self.required.contains(name))
        }
        let databases = conditions.values.flatMap { $0 }.filter { $0.name == "database" }
        checks.append(
            DependencyView(name: "database", isUp: !databases.isEmpty && databases.allSatisfy(\.isUp), isRequired: true)
        )
        if let redis {
            checks.append(
                DependencyView(name: "redis", isUp: (try? await redis.ping()) != nil, isRequired: false))
        }
        return checks
    }

    private func conditions() async -> [ServiceName: [DependencyView]] {
        await withTaskGroup(of: (ServiceName, [DependencyView]?).self) { group in
            for (name, colleague) in services {
                group.addTask { (name, await Self.condition(of: colleague)) }
            }
            var all: [ServiceName: [DependencyView]] = [:]
            for await (name, condition) in group { all[name] = condition }
            return all
        }
    }

    private static func condition(of service: Colleague) async -> [DependencyView]? {
        guard let json = await service.json("/internal/condition"), let list = json["dependencies"]?.array else {
            return nil
        }
        return list.compactMap { entry in
            guard let name = entry["name"]?.string, let status = entry["status"]?.string else { return nil }
            return DependencyView(name: name, isUp: status == "up", isRequired: entry["required"]?.bool ?? true)
        }
    }
}
