package import API
package import Kernel
package import Postgres

/// Asks how much waits, one question each.
package struct QueueStore: Sendable {
    private let database: Database

    package init(database: Database) { self.database = database }

    /// A row per channel, also for one in which nothing moves. What was sent longer ago than an hour is not looked at.
    package func deliveries(at now: Instant) async throws -> [DeliveryQueueView] {
        let hour = now - .seconds(3600)
        let rows = try await database.read(
            """
            select channel, count(*) filter (where state = 'waiting'),
                count(*) filter (where state = 'waiting' and leased_until > \(now)),
                count(*) filter (where state = 'waiting' and attempts > retried_after and leased_until is null),
                min(coalesce(retried_at, created_at)) filter (where state = 'waiting'),
                count(*) filter (where tried_at > \(now - .seconds(60))),
                count(*) filter (where state = 'sent' and settled_at > \(hour)),
                count(*) filter (where state in ('failed', 'dead') and settled_at > \(hour)),
                count(*) filter (where state = 'failed'), count(*) filter (where state = 'dead')
            from delivery where state in ('waiting', 'failed', 'dead') or settled_at > \(hour) group by channel
            """)
        let found = try rows.compactMap { try Self.view($0, now) }
        return DeliveryChannel.allCases.map { channel in
            found.first { $0.channel == channel } ?? DeliveryQueueView(channel: channel)
        }
    }

    private static func view(_ row: Row, _ now: Instant) throws -> DeliveryQueueView? {
        guard let channel = DeliveryChannel(rawValue: try row.text(0)) else { return nil }
        let oldest = try row.optionalInstant(4)
        return DeliveryQueueView(
            channel: channel, waiting: try row.integer(1), inFlight: try row.integer(2), retrying: try row.integer(3),
            oldest: oldest, oldestSeconds: oldest.map { max(Int((now - $0).components.seconds), 0) } ?? 0,
            triedLastMinute: try row.integer(5), sentLastHour: try row.integer(6), failedLastHour: try row.integer(7),
            failed: try row.integer(8), dead: try row.integer(9))
    }

    /// Events given up, by the service that told them.
    package func deadLetters(of consumer: String) async throws -> [String: Int] {
        let rows = try await database.read(
            "select source, count(*) from dead_letter where consumer = \(consumer) group by source")
        return Dictionary(
            try rows.map { (try $0.text(0), try $0.integer(1)) }, uniquingKeysWith: { first, _ in first })
    }
}
