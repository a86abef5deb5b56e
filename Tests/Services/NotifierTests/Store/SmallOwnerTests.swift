import API
import Chassis
import Forms
import Kernel
import Notifier
import Postgres
import TestSupport
import Testing

/// What the lists of one account cost beside those of others, whose rows are all newer.
struct SmallOwnerTests {
    @Test func `no list of an account reads the rows of others`() async throws {
        try await withWorld { world in
            let (small, large) = (World.hospital, World.otherHospital)
            world.home.script(
                "set search_path to notifier, public;" + Self.rows(of: small, 1...40, from: "01000000"))
            let read = ReadRows(world.database, world.home, schema: "notifier")
            let lists = inbox(world, of: small) + (try hooks(world, of: small))
            let exceeding = try await read.exceeding(
                600, beside: { Self.rows(of: large, $0, from: "0f000000") + Self.otherHooks($0) }, lists: lists)
            #expect(exceeding == [])
        }
    }

    private static let further = Cursor(
        id: ID<InboxRow>(high: 0x0100_0000_0000_7000, low: 20), key: Instant(seconds: 1_760_000_000))
    private let pages = [
        (name: "", page: PageRequest()), (name: " by cursor", page: PageRequest(position: .after(nil))),
        (name: " further", page: PageRequest(position: .after(further.text))),
    ]

    private func inbox(_ world: World, of owner: Caller) -> [ReadRows.Ask] {
        var asks: [ReadRows.Ask] = [("number of unread", { _ = try await world.inboxes.unread(of: owner) })]
        for (suffix, page) in pages {
            for isUnread in [nil, true, false] {
                let name = "inbox, unread \(isUnread.map(String.init) ?? "or not")" + suffix
                asks.append((name, { _ = try await world.inboxes.list(page, isUnread: isUnread, of: owner) }))
            }
        }
        return asks
    }

    private func hooks(_ world: World, of owner: Caller) throws -> [ReadRows.Ask] {
        let store = HookStore(database: world.database)
        let hook = ID<Hook>(high: 0x0100_0000_0000_7000, low: 1)
        var lists: [ReadRows.Ask] = []
        for (suffix, page) in pages {
            lists.append(("webhooks" + suffix, { _ = try await store.list(page, of: owner) }))
        }
        for state in [nil, "waiting", "sent", "failed", "skipped"] {
            for cursor in [nil, "", Self.further.text] {
                let given = [("state", state), ("cursor", cursor)].compactMap { name, value in
                    value.map { (name: name, value: $0) }
                }
                let query = try ListWebhookDeliveries(Source(query: given, now: world.clock.now))
                lists.append(
                    (
                        "deliveries \(state ?? "all") \(cursor ?? "by page")",
                        { _ = try await store.deliveries(of: hook, query, of: owner) }
                    ))
            }
        }
        return lists
    }

    /// Ten hooks of an owner, a message in their inbox and a delivery to the first hook of each number; ids begin so.
    private static func rows(of owner: Caller, _ numbers: ClosedRange<Int>, from beginning: String) -> String {
        """
        create temp table crowd as select n, ('\(beginning)-0000-7000-0000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
            timestamptz '2025-01-01' + n * interval '1 minute' as at from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
        insert into inbox_message (message_id, account_id, event_id, kind, created_at, read_at)
        select id, '\(owner.account)', id, 'appointment.confirmed', at, case when n % 2 = 0 then at end from crowd;
        insert into hook (hook_id, owner_account, url, events, wrapped_key, sealed_secret, created_at, updated_at)
        select id, '\(owner.account)', 'https://a.example', '{*}', '\\x00', '\\x00', at, at from crowd where n <= 10;
        insert into hook_delivery (delivery_id, hook_id, owner_account, event_id, type, body, state, next_attempt_at, created_at)
        select id, '\(beginning)-0000-7000-0000-000000000001', '\(owner.account)', id, 'ping', '{}',
            (array['waiting', 'sent', 'failed', 'skipped'])[1 + n % 4], at, at from crowd;
        """
    }

    /// Ten of each other owner.
    private static func otherHooks(_ numbers: ClosedRange<Int>) -> String {
        """
        insert into hook (hook_id, owner_account, url, events, wrapped_key, sealed_secret, created_at, updated_at)
        select ('0e000000-0000-7000-0000-' || lpad(to_hex(n), 12, '0'))::uuid,
            ('0e000000-0000-7000-1000-' || lpad(to_hex(n / 10), 12, '0'))::uuid,
            'https://a.example', '{*}', '\\x00', '\\x00', now(), now()
        from generate_series(\(numbers.lowerBound), \(numbers.upperBound)) n;
        """
    }
}
