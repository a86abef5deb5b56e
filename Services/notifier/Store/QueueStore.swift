package import API
package import Kernel
package import Postgres

/// Asks how much waits, one question each.
package struct QueueStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// A row per channel, also for one in which nothing moves. What was sent longer ago than an hour is not looked at.
    package func deliveries(at now: Instant) async throws -> [DeliveryQueueView] {
        let hour = now - .seconds(3600)
        let found = try await database.read(Self.queue(at: now, hour: hour)) {
            """
            select \($0) from delivery
            where state in ('waiting', 'failed', 'dead') or settled_at > \(hour) group by channel
            """
        }.compactMap(\.self)
        return DeliveryChannel.allCases.map { channel in
            found.first { $0.channel == channel } ?? DeliveryQueueView(channel: channel)
        }
    }

    /// Nil for a channel that is not shown.
    private static func queue(at now: Instant, hour: Instant) -> Projection<DeliveryQueueView?> {
        let minute = now - .seconds(60)
        return Projection(
            Column<String>("channel"), Column<Int>("count(*) filter (where state = 'waiting')"),
            Column<Int>("count(*) filter (where state = 'waiting' and leased_until > \(now))"),
            Column<Int>(
                "count(*) filter (where state = 'waiting' and attempts > retried_after and leased_until is null)"),
            Column<Instant?>("min(coalesce(retried_at, created_at)) filter (where state = 'waiting')"),
            Column<Int>("count(*) filter (where tried_at > \(minute))"),
            Column<Int>("count(*) filter (where state = 'sent' and settled_at > \(hour))"),
            Column<Int>("count(*) filter (where state in ('failed', 'dead') and settled_at > \(hour))"),
            Column<Int>("count(*) filter (where state = 'failed')"),
            Column<Int>("count(*) filter (where state = 'dead')")
        ) { channel, waiting, inFlight, retrying, oldest, tried, sentLastHour, failedLastHour, failed, dead in
            DeliveryChannel(rawValue: channel).map { channel in
                DeliveryQueueView(
                    channel: channel, waiting: waiting, inFlight: inFlight, retrying: retrying, oldest: oldest,
                    oldestSeconds: oldest.map { max(Int((now - $0).components.seconds), 0) } ?? 0,
                    triedLastMinute: tried, sentLastHour: sentLastHour, failedLastHour: failedLastHour, failed: failed,
                    dead: dead)
            }
        }
    }

    /// Dead letters, by the service that published them.
    package func deadLetters(of consumer: String) async throws -> [String: Int] {
        let counts = try await database.read(Column<String>("source") + Column<Int>("count(*)")) {
            "select \($0) from dead_letter where consumer = \(consumer) group by source"
        }
        return Dictionary(counts, uniquingKeysWith: { first, _ in first })
    }
}
