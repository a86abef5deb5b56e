package import API
import Chassis
package import Kernel
package import Postgres

/// What owners ask about deliveries to their hooks, and do to them.
extension HookStore {
    package func deliveries(
        of hook: ID<Hook>, _ query: ListWebhookDeliveries, of caller: Caller
    ) async throws -> Page<WebhookDeliveryView> {
        let state: SQL = query.state.map { "and state = \($0.rawValue)" } ?? ""
        let own: SQL = "hook_id = \(hook) and owner_account = \(caller.account) \(sql: state)"
        guard case .after = query.page.position else {
            return try await database.page(
                Self.view, from: "hook_delivery where \(sql: own)", by: "created_at desc, delivery_id desc",
                query.page, as: Scope(caller))
        }
        let cursor = try query.page.cursor()
        let older: SQL =
            try cursor.map {
                "and (created_at, delivery_id) < (\(try $0.instant()), \(try $0.id(of: HookDelivery.self))::uuid)"
            } ?? ""
        let rows = try await database.read(Self.view, as: Scope(caller)) {
            """
            select \($0) from hook_delivery where \(sql: own) \(sql: older)
            order by created_at desc, delivery_id desc limit \(query.page.size + 1)
            """
        }
        return Page(fetched: Array(rows), size: query.page.size) { Cursor(id: $0.id, key: $0.createdAt).text }
    }

    /// What is known of a delivery that is to be posted again.
    package struct Standing: Sendable {
        package let hook: ID<Hook>
        package let leasedUntil: Instant?

        fileprivate static let row = Projection(
            Column<ID<Hook>>("hook_id"), Column<Instant?>("leased_until"), make: Standing.init)
    }

    package func standing(
        of id: ID<HookDelivery>, of caller: Caller, in tx: Transaction
    ) async throws -> Standing? {
        try await tx.run(Standing.row) {
            """
            select \($0) from hook_delivery where delivery_id = \(id) and owner_account = \(caller.account)
            """
        }.first
    }

    /// Makes it due now, with a day of tries before it, under its own id; nil while it is being tried.
    package func sendAgain(
        _ id: ID<HookDelivery>, at now: Instant, in tx: Transaction
    ) async throws -> WebhookDeliveryView? {
        try await tx.run(Self.view) {
            """
            update hook_delivery set \(sql: Self.fresh(now))
            where delivery_id = \(id) and (leased_until is null or leased_until <= \(now)) returning \($0)
            """
        }.first
    }

    /// The same for all that were missed since; how many.
    package func replay(_ hook: ID<Hook>, since: Instant, at now: Instant, in tx: Transaction) async throws -> Int {
        try await tx.run(
            """
            update hook_delivery set \(sql: Self.fresh(now))
            where hook_id = \(hook) and state in ('failed', 'skipped') and not is_test and created_at >= \(since)
            """
        ).affected
    }

    private static func fresh(_ now: Instant) -> SQL {
        """
        state = 'waiting', next_attempt_at = \(now), retried_after = attempts, first_at = null, leased_until = null,
            settled_at = null
        """
    }

    /// A `ping`, tried once, whatever the hook asked for and whether it is on or off.
    package func insertTest(
        _ event: PostedEvent, for hook: HookRow, id: ID<HookDelivery>, at now: Instant, in tx: Transaction
    ) async throws {
        let listening = HookEventStore.Listening(id: hook.id, owner: hook.owner, isActive: hook.isActive)
        try await HookEventStore().insert(event, for: listening, isTest: true, id: id, at: now, in: tx)
    }

    static let view = Projection(
        Column<ID<HookDelivery>>("delivery_id"), Column<ID<Hook>>("hook_id"), Column<ID<EventRecord>>("event_id"),
        Column<String>("type"), Column<WebhookDeliveryState>("state"), Column<Bool>("is_test"),
        Column<Int>("attempts"), Column<Int?>("status"), Column<Int?>("ms"), Column<String?>("error"),
        Column<Instant>("created_at"), Column<Instant?>("tried_at"),
        Column<Instant?>("case when state = 'waiting' then next_attempt_at end"), Column<Instant?>("settled_at"),
        make: WebhookDeliveryView.init)
}

extension WebhookDeliveryState: SQLValue {}
