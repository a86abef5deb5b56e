package import Kernel
package import Lifecycle
package import NotifierDomain
package import Postgres

/// Asks the database about deliveries.
package struct DeliveryStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Keeps a delivery; the same event, kind, channel and recipient give one row, however often they come.
    /// - Parameter next: the channels to be tried, in their order, when this one fails for good.
    package func insert(
        _ planned: PlannedDelivery, by channel: MessageChannel, then next: [MessageChannel],
        of event: ID<EventRecord>, id: ID<Delivery>, messageID: String,
        traceparent: String?, occurred: Instant, at now: Instant, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            insert into delivery (delivery_id, event_id, kind, channel, account_id, subject_id, starts, next_attempt_at,
                message_id, traceparent, occurred_at, created_at, next_channels)
            values (\(id), \(event), \(planned.kind.rawValue), \(channel), \(planned.recipient),
                \(planned.subject), \(planned.start), \(now), \(messageID), \(traceparent), \(occurred), \(now),
                \(next)::text[])
            on conflict on constraint delivery_once do nothing
            """)
    }

    /// Takes a channel's longest due ones for a try that must end before the lease does. Replicas never take the same.
    package func claim(
        _ limit: Int, of channel: MessageChannel, at now: Instant, lease: Duration
    ) async throws -> [DueDelivery] {
        let end = now + lease
        return try await database.run(DueDelivery.row) {
            """
            update delivery set attempts = attempts + 1, tried_at = \(now),
                next_attempt_at = \(end), leased_until = \(end)
            where delivery_id in (
                select delivery_id from delivery
                where state = 'waiting' and channel = \(channel.rawValue) and next_attempt_at <= \(now)
                order by next_attempt_at, delivery_id limit \(limit) for update skip locked)
            returning \($0)
            """
        }
    }

    /// Notes how a try ended. False when the try is no longer the latest: its lease was over, and another had begun.
    /// - Parameter ways: the channels to be tried from now on, in their order, because this one failed for good.
    @discardableResult
    package func settle(
        _ due: DueDelivery, _ next: RetryPolicy.Next, code: String?, then ways: [MessageChannel] = [],
        at now: Instant, until deadline: Deadline = .after(.seconds(8))
    ) async throws -> Bool {
        let (state, again) = DeliveryStore.words(next)
        return try await database.transaction(until: deadline) { tx in
            let rows = try await tx.run(
                """
                update delivery set state = \(state),
                    next_attempt_at = coalesce(\(again)::timestamptz, next_attempt_at),
                    leased_until = null, last_error = \(code),
                    settled_at = case when \(state)::text <> 'waiting' then \(now)::timestamptz end
                where delivery_id = \(due.id) and attempts = \(due.attempt) and state = 'waiting'
                """)
            guard rows.affected == 1 else { return false }
            if let way = ways.first { try await turn(due, to: way, then: Array(ways.dropFirst()), at: now, in: tx) }
            return true
        }
    }

    /// The same message by another channel, once.
    private func turn(
        _ due: DueDelivery, to channel: MessageChannel, then next: [MessageChannel], at now: Instant, in tx: Transaction
    ) async throws {
        let id = ID<Delivery>.make(at: now)
        try await tx.run(
            """
            insert into delivery (delivery_id, event_id, kind, channel, account_id, subject_id, starts, next_attempt_at,
                message_id, traceparent, occurred_at, created_at, next_channels)
            select \(id), event_id, kind, \(channel), account_id, subject_id, starts, \(now)::timestamptz,
                '<' || \(id)::uuid || '@' || split_part(message_id, '@', 2), traceparent, occurred_at,
                \(now)::timestamptz, \(next)::text[]
            from delivery where delivery_id = \(due.id)
            on conflict on constraint delivery_once do nothing
            """)
    }

    /// Puts a try off that was not made: it is not counted among those that waits grow with.
    package func hold(_ due: DueDelivery, until end: Instant, code: String) async throws {
        try await database.run(
            """
            update delivery set next_attempt_at = \(end), leased_until = null, last_error = \(code),
                retried_after = retried_after + 1
            where delivery_id = \(due.id) and attempts = \(due.attempt) and state = 'waiting'
            """)
    }

    /// Deliveries that wait; how many.
    package func waiting() async throws -> Int {
        try await database.read(Column<Int>("count(*)")) { "select \($0) from delivery where state = 'waiting'" }.one
    }

    /// How long it can be looked up what became of a message.
    package static let retention: Duration = .seconds(90 * 86_400)
    package static let purgeBatch = 1000

    /// Deletes some that were over longer ago than they are kept; how many.
    package func purge(at now: Instant) async throws -> Int {
        try await database.run(
            """
            delete from delivery where delivery_id in (
                select delivery_id from delivery where settled_at < \(now - Self.retention)
                order by settled_at limit \(Self.purgeBatch))
            """
        ).affected
    }

    private static func words(_ next: RetryPolicy.Next) -> (state: String, again: Instant?) {
        switch next {
        case .sent: ("sent", nil)
        case .failed: ("failed", nil)
        case .dead: ("dead", nil)
        case .again(let instant): ("waiting", instant)
        }
    }
}
