package import API
package import Chassis
import JSON
package import Kernel
import Lifecycle
package import Redis

/// How the whole system is: every service is asked for its condition; the answer is kept for a second, so that asking
/// for health is no load.
package final class SystemHealth: Sendable {
    private let services: ServiceClient
    private let redis: RedisClient?
    private let clock: any WallClock
    private let kept = Locked<(view: HealthView, until: Instant)?>(nil)

    private static let names = ServiceName.allCases.filter { $0 != .gateway }

    /// Without these nobody can log in or see a record; the others only make the system less.
    private static let required: Set<ServiceName> = [.identity, .registry]

    package init(services: ServiceClient, redis: RedisClient?, clock: any WallClock) {
        self.services = services
        self.redis = redis
        self.clock = clock
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
        var checks = Self.names.map { name in
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
            for name in Self.names {
                group.addTask { [self] in (name, await condition(of: name)) }
            }
            var all: [ServiceName: [DependencyView]] = [:]
            for await (name, condition) in group { all[name] = condition }
            return all
        }
    }

    private func condition(of service: ServiceName) async -> [DependencyView]? {
        let declaration = OperationAPI.condition(of: service).declaration
        guard let json = try? await services.ask(declaration, within: .seconds(2)),
            let list = json["dependencies"]?.array
        else { return nil }
        return list.compactMap { entry in
            guard let name = entry["name"]?.string, let status = entry["status"]?.string else { return nil }
            return DependencyView(name: name, isUp: status == "up", isRequired: entry["required"]?.bool ?? true)
        }
    }
}
