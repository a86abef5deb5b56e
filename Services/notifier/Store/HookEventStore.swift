package import Kernel
package import NotifierDomain
package import Postgres

/// Keeps what is to be posted to hooks, in the transaction that notes the event as handled.
package struct HookEventStore: Sendable {
    package init() {}

    /// One delivery for each hook that asked for the event; the same event and hook give one row, however often they
    /// come. A hook that is off keeps it as skipped.
    package func insert(
        _ event: PostedEvent, for audience: HookAudience, at now: Instant, in tx: Transaction
    ) async throws {
        let hooks = try await tx.run(Listening.row) {
            """
            select \($0) from hook
            where events && \(["*", event.type]) and (hospital_id is null or hospital_id = \(audience.hospital))
            order by hook_id for share
            """
        }
        for hook in hooks {
            try await insert(event, for: hook, isTest: false, id: .make(at: now), at: now, in: tx)
        }
    }

    func insert(
        _ event: PostedEvent, for hook: Listening, isTest: Bool, id: ID<HookDelivery>, at now: Instant,
        in tx: Transaction
    ) async throws {
        let waits = hook.isActive || isTest
        try await tx.run(
            """
            insert into hook_delivery (delivery_id, hook_id, owner_account, event_id, type, body, is_test, state,
                next_attempt_at, created_at, settled_at)
            values (\(id), \(hook.id), \(hook.owner), \(event.id), \(event.type), \(event.body), \(isTest),
                \(waits ? "waiting" : "skipped"), \(now), \(now), \(waits ? nil : now))
            on conflict on constraint hook_delivery_once do nothing
            """)
    }

    /// A hook that hears of an event.
    struct Listening: Sendable {
        let id: ID<Hook>
        let owner: ID<Account>
        let isActive: Bool

        /// One of an account that is let in no more is off, also where it was made in that very moment.
        static let row = Projection(
            Column<ID<Hook>>("hook_id"), Column<ID<Account>>("owner_account"),
            Column<Bool>("is_active and not exists (select from shut_account where account_id = owner_account)"),
            make: Listening.init)
    }

    /// Turns off the hooks of an account that is let in no more, and keeps what waits for them as skipped: whoever has
    /// lost access gets no more events either.
    package func shut(_ owner: ID<Account>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run("insert into shut_account (account_id) values (\(owner)) on conflict do nothing")
        let hooks = try await tx.run(Column<ID<Hook>>("hook_id")) {
            """
            update hook set is_active = false, disabled_at = \(now), disabled_reason = 'account', failing_since = null,
                warned_at = null, version = version + 1, updated_at = \(now)
            where hook_id in (
                select hook_id from hook where owner_account = \(owner) and is_active order by hook_id for update)
            returning \($0)
            """
        }
        for hook in hooks { try await Self.skipWaiting(of: hook, at: now, in: tx) }
    }

    /// The account is let in again: hooks that it turns on get events.
    package func reopen(_ owner: ID<Account>, in tx: Transaction) async throws {
        try await tx.run("delete from shut_account where account_id = \(owner)")
    }

    /// What waits for a hook that is off is kept as skipped; what is being tried right now ends first.
    static func skipWaiting(of hook: ID<Hook>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run(
            """
            update hook_delivery set state = 'skipped', settled_at = \(now), leased_until = null
            where hook_id = \(hook) and state = 'waiting' and not is_test
                and (leased_until is null or leased_until <= \(now))
            """)
    }
}

/// An event as it is posted.
package struct PostedEvent: Sendable, Equatable {
    package let id: ID<EventRecord>
    package let type: String
    /// JSON: the same bytes at each try.
    package let body: String
}
