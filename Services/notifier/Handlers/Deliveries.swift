package import API
package import Audit
package import Chassis
package import Kernel
import Postgres
package import Web

/// Messages on their way, as administrators watch over them.
package struct Deliveries: Sendable {
    private let deliveries: DeliveryStore
    private let unit: UnitOfWork
    private let audit: AuditLog
    private let clock: any WallClock

    package init(deliveries: DeliveryStore, unit: UnitOfWork, audit: AuditLog, clock: any WallClock) {
        self.deliveries = deliveries
        self.unit = unit
        self.audit = audit
        self.clock = clock
    }

    package func list(_ query: ListDeliveries, _ call: Call) async throws -> Listing<DeliveryView> {
        Listing(try await deliveries.list(query), asked: query.page)
    }

    package func retry(_ input: ByID<Delivery>, _ call: Call) async throws -> Item<DeliveryView> {
        try await unit.write(call) { tx in
            guard let standing = try await deliveries.lock(input.id, in: tx) else { throw Problem.notFound }
            let now = clock.now
            try Self.checkRetry(standing, at: now)
            let view = try await deliveries.sendAgain(input.id, at: now, in: tx)
            try await audit.record("delivery.retried", subject: "delivery/\(input.id)", from: call.origin, in: tx)
            return Item(view)
        }
    }

    private static func checkRetry(_ standing: DeliveryStore.Standing, at now: Instant) throws(Problem) {
        if standing.state == .sent {
            throw Problem(
                .illegalTransition, "This message was sent; only what waits, failed or is dead goes out again.")
        }
        // A second sender beside the one at work would double it.
        if let end = standing.leasedUntil, end > now {
            throw .conflict("This message is being sent right now. Look again in a minute.")
        }
    }
}
