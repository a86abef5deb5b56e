import API
import Chassis
package import Kernel
package import Postgres

/// Asks the database about hooks in their owners' names: another's is not there.
package struct HookStore: Sendable {
    /// How many an owner may have.
    package static let limit = 10

    let database: Database

    package init(database: Database) { self.database = database }

    package func insert(_ hook: HookRow, in tx: Transaction) async throws {
        // Two at once must not both be the tenth.
        try await tx.run("select pg_advisory_xact_lock(hashtextextended(\("hooks of \(hook.owner)"), 0))")
        let count = try await tx.run(Column<Int>("count(*)")) {
            "select \($0) from hook where owner_account = \(hook.owner)"
        }.one
        guard count < Self.limit else {
            throw Problem.conflict(
                "There are \(Self.limit) webhooks already, and no more may be had: delete one first.")
        }
        try await tx.run(
            """
            insert into hook (hook_id, owner_account, hospital_id, url, events, wrapped_key, sealed_secret, is_active,
                disabled_at, disabled_reason, version, created_at, updated_at)
            values (\(hook.id), \(hook.owner), \(hook.hospital), \(hook.url), \(hook.events)::text[],
                \(hook.secrets.wrappedKey), \(hook.secrets.secret), \(hook.isActive), \(hook.disabledAt),
                \(hook.disabledReason), \(hook.version), \(hook.createdAt), \(hook.updatedAt))
            """)
    }

    package func list(_ page: PageRequest, of caller: Caller) async throws -> Page<HookRow> {
        let own: SQL = "owner_account = \(caller.account)"
        guard case .after = page.position else {
            return try await database.page(
                HookRow.row, from: "hook where \(sql: own)", by: "hook_id desc", page, as: Scope(caller))
        }
        let older: SQL = try page.cursor().map { "and hook_id < \(try $0.id(of: Hook.self))" } ?? ""
        let rows = try await database.read(HookRow.row, as: Scope(caller)) {
            "select \($0) from hook where \(sql: own) \(sql: older) order by hook_id desc limit \(page.size + 1)"
        }
        return Page(fetched: Array(rows), size: page.size) { Cursor(id: $0.id).text }
    }

    package func find(_ id: ID<Hook>, of caller: Caller) async throws -> HookRow? {
        try await database.read(HookRow.row, as: Scope(caller)) {
            "select \($0) from hook where hook_id = \(id) and owner_account = \(caller.account)"
        }.first
    }

    /// Kept from changing until the transaction ends.
    package func lock(_ id: ID<Hook>, of caller: Caller, in tx: Transaction) async throws -> HookRow? {
        try await tx.run(HookRow.row) {
            "select \($0) from hook where hook_id = \(id) and owner_account = \(caller.account) for update"
        }.first
    }

    /// Writes what an owner may change. Whether it fails is counted anew from here where `isFresh`.
    package func update(_ hook: HookRow, isFresh: Bool, in tx: Transaction) async throws {
        try await tx.run(
            """
            update hook set url = \(hook.url), events = \(hook.events)::text[], is_active = \(hook.isActive),
                sealed_secret = \(hook.secrets.secret), sealed_old_secret = \(hook.secrets.old),
                old_until = \(hook.secrets.oldUntil), disabled_at = \(hook.disabledAt),
                disabled_reason = \(hook.disabledReason),
                failing_since = case when \(isFresh) then null else failing_since end,
                warned_at = case when \(isFresh) then null else warned_at end,
                version = \(hook.version), updated_at = \(hook.updatedAt)
            where hook_id = \(hook.id)
            """)
        if !hook.isActive { try await HookEventStore.skipWaiting(of: hook.id, at: hook.updatedAt, in: tx) }
    }

    package func delete(_ id: ID<Hook>, in tx: Transaction) async throws {
        try await tx.run("delete from hook where hook_id = \(id)")
    }
}
