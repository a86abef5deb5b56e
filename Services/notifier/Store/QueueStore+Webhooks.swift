package import API
package import Kernel
import Postgres

/// How much is on its way to webhooks.
extension QueueStore {
    /// Of all owners. What was sent longer ago than an hour is not looked at.
    package func webhooks(at now: Instant) async throws -> WebhookQueueView {
        let hour = now - .seconds(3600)
        return try await database.read(Self.webhookQueue(at: now, hour: hour), as: .service) {
            """
            select \($0) from hook_delivery where state in ('waiting', 'failed') or settled_at > \(hour)
            """
        }.one
    }

    private static func webhookQueue(at now: Instant, hour: Instant) -> Projection<WebhookQueueView> {
        let minute = now - .seconds(60)
        return Projection(
            Column<Int>("count(*) filter (where state = 'waiting')"),
            Column<Int>("count(*) filter (where state = 'waiting' and leased_until > \(now))"),
            Column<Int>(
                "count(*) filter (where state = 'waiting' and attempts > retried_after and leased_until is null)"),
            Column<Instant?>(
                """
                min(case when retried_after = 0 then created_at else coalesce(first_at, next_attempt_at) end) \
                filter (where state = 'waiting')
                """),
            Column<Int>("count(*) filter (where tried_at > \(minute))"),
            Column<Int>("count(*) filter (where state = 'sent' and settled_at > \(hour))"),
            Column<Int>("count(*) filter (where state = 'failed' and settled_at > \(hour))"),
            Column<Int>("count(*) filter (where state = 'failed')"),
            Column<Int>("(select count(*) from hook where is_active and failing_since is not null)")
        ) { waiting, inFlight, retrying, oldest, tried, sentLastHour, failedLastHour, failed, failing in
            WebhookQueueView(
                waiting: waiting, inFlight: inFlight, retrying: retrying, oldest: oldest,
                oldestSeconds: oldest.map { max(Int((now - $0).components.seconds), 0) } ?? 0, triedLastMinute: tried,
                sentLastHour: sentLastHour, failedLastHour: failedLastHour, failed: failed, failing: failing)
        }
    }
}
