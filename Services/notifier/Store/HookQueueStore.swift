package import Kernel
import Lifecycle
import NotifierDomain
package import Postgres

/// The queue of what is posted to hooks, as whoever posts it sees it.
package struct HookQueueStore: Sendable {
    /// Tries of one owner at once; a hook beside others may take one less, so that a slow one holds up none of them.
    static let ownerWidth = 4
    /// How long deliveries are kept.
    package static let retention: Duration = .seconds(30 * 86_400)
    package static let batch = 1000

    let database: Database

    package init(database: Database) { self.database = database }

    /// Takes what is due for a try that must end before the lease does, each owner's in turn. Replicas take one after
    /// the other: what an owner has in flight is counted over all of them. What somebody else changes right now is
    /// passed over: it may be skipped or settled by that.
    package func claim(_ limit: Int, at now: Instant, lease: Duration) async throws -> [DueHook] {
        let end = now + lease
        return try await database.transaction(as: .service) { tx in
            try await tx.run("select pg_advisory_xact_lock(hashtextextended('praxis hooks' || current_schema(), 0))")
            let rows = try await tx.run(DueHook.row) {
                """
                with busy as (
                    select hook_id, owner_account from hook_delivery where state = 'waiting' and leased_until > \(now)
                ), due as (
                    select d.delivery_id, d.next_attempt_at, h.hook_id, h.owner_account,
                        row_number() over (partition by h.hook_id order by d.next_attempt_at, d.delivery_id)
                            + (select count(*) from busy where busy.hook_id = h.hook_id) as place
                    from hook h cross join lateral (
                        select delivery_id, next_attempt_at from hook_delivery w
                        where w.hook_id = h.hook_id and w.state = 'waiting' and w.next_attempt_at <= \(now)
                            and (h.is_active or w.is_test)
                        order by w.next_attempt_at, w.delivery_id limit \(Self.ownerWidth)
                    ) d
                ), chosen as (
                    select delivery_id, next_attempt_at,
                        row_number() over (partition by owner_account order by place, next_attempt_at, delivery_id)
                            + (select count(*) from busy where busy.owner_account = due.owner_account) as turn
                    from due
                    where place <= \(Self.ownerWidth) - case when exists (
                        select from hook other where other.owner_account = due.owner_account
                            and other.hook_id <> due.hook_id and other.is_active) then 1 else 0 end
                ), taken as (
                    select delivery_id from hook_delivery
                    where state = 'waiting' and next_attempt_at <= \(now) and delivery_id in (
                        select delivery_id from chosen where turn <= \(Self.ownerWidth)
                        order by turn, next_attempt_at limit \(limit))
                    for update skip locked
                )
                update hook_delivery d set attempts = d.attempts + 1, tried_at = \(now),
                    first_at = coalesce(d.first_at, \(now)), next_attempt_at = \(end), leased_until = \(end)
                from hook h
                where h.hook_id = d.hook_id and d.delivery_id in (select delivery_id from taken)
                returning \($0)
                """
            }
            return Array(rows)
        }
    }

    /// Keeps the hook from changing until the transaction ends; nil when it was deleted.
    func lock(_ id: ID<Hook>, in tx: Transaction) async throws -> HookStanding? {
        try await tx.run(Self.standing) { "select \($0) from hook where hook_id = \(id) for update" }.first
    }

    /// Notes how a try ended. False when the try is no longer the latest.
    func settle(
        _ due: DueHook, _ outcome: HookOutcome, _ next: HookRetryPlan.Next, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let (state, again): (String, Instant?) =
            switch next {
            case .sent: ("sent", nil)
            case .failed: ("failed", nil)
            case .again(let instant): ("waiting", instant)
            }
        return try await tx.run(
            """
            update hook_delivery set state = \(state),
                next_attempt_at = coalesce(\(again)::timestamptz, next_attempt_at), leased_until = null,
                status = \(outcome.status), ms = \(outcome.milliseconds), error = \(outcome.error),
                settled_at = case when \(state)::text <> 'waiting' then \(now)::timestamptz end
            where delivery_id = \(due.id) and attempts = \(due.attempt) and state = 'waiting'
            """
        ).affected == 1
    }

    /// Writes how well a hook does. What its owner sees of it makes a new version.
    func update(
        _ id: ID<Hook>, from old: HookStanding, to new: HookStanding, _ reason: HookStanding.Reason?, at now: Instant,
        in tx: Transaction
    ) async throws {
        let isSeen = old.isActive != new.isActive || old.failingSince != new.failingSince
        try await tx.run(
            """
            update hook set is_active = \(new.isActive), succeeded_at = \(new.succeededAt),
                failing_since = \(new.failingSince), warned_at = \(new.warnedAt),
                disabled_at = case when \(reason != nil) then \(now)::timestamptz else disabled_at end,
                disabled_reason = coalesce(\(reason?.rawValue), disabled_reason),
                version = version + \(isSeen ? 1 : 0),
                updated_at = case when \(isSeen) then \(now)::timestamptz else updated_at end
            where hook_id = \(id)
            """)
        if !new.isActive { try await HookEventStore.skipWaiting(of: id, at: now, in: tx) }
    }

    /// A hook whose owner is to be told that nothing arrives any more; each once. One in a transaction, so that two
    /// never wait for each other.
    func warn(at now: Instant, in tx: Transaction) async throws -> WarnedHook? {
        try await tx.run(WarnedHook.row) {
            """
            update hook set warned_at = \(now)
            where hook_id = (
                select hook_id from hook
                where is_active and warned_at is null and failing_since <= \(now - HookStanding.warningAfter)
                order by failing_since limit 1 for update)
            returning \($0)
            """
        }.first
    }

    /// Keeps as skipped what was being tried when its hook was turned off, and whose try died with its process.
    package func skipAbandoned(at now: Instant) async throws {
        try await database.run(
            """
            update hook_delivery set state = 'skipped', settled_at = \(now), leased_until = null
            where delivery_id in (
                select d.delivery_id from hook_delivery d join hook h on h.hook_id = d.hook_id
                where d.state = 'waiting' and d.leased_until <= \(now) and not d.is_test and not h.is_active
                for update of d skip locked)
            """, as: .service)
    }

    /// Deletes some deliveries that are older than they are kept; how many.
    package func purge(at now: Instant) async throws -> Int {
        try await database.run(
            """
            delete from hook_delivery where delivery_id in (
                select delivery_id from hook_delivery
                where state <> 'waiting' and created_at < \(now - Self.retention)
                order by created_at limit \(Self.batch))
            """, as: .service
        ).affected
    }

    private static let standing = Projection(
        Column<Bool>("is_active"), Column<Instant?>("succeeded_at"), Column<Instant?>("failing_since"),
        Column<Instant?>("warned_at"), make: HookStanding.init)
}

/// A hook whose owner hears of it.
struct WarnedHook: Sendable {
    let id: ID<Hook>
    let owner: ID<Account>

    static let row = Projection(
        Column<ID<Hook>>("hook_id"), Column<ID<Account>>("owner_account"), make: WarnedHook.init)
}
