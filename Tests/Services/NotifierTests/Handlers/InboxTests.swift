import API
import Chassis
import Events
import Forms
import Kernel
import Messaging
import Notifier
import Postgres
import TestSupport
import Testing
import Web

struct InboxTests {
    private static let owner = Caller(account: .init(high: 1, low: 1), role: .patient, session: .init(high: 3, low: 4))
    private static let other = Caller(account: .init(high: 1, low: 2), role: .patient, session: .init(high: 3, low: 5))

    private func call(_ declaration: Declaration, by caller: Caller = owner) -> Call { .test(declaration, by: caller) }

    private func list(
        _ world: World, by caller: Caller = owner, _ query: (name: String, value: String)...
    ) async throws -> Page<NotificationView> {
        let query = try ListNotifications(Source(query: query))
        return try await world.inbox.list(query, call(NotificationsAPI.list.declaration, by: caller)).page
    }

    private func unread(_ world: World, by caller: Caller = owner) async throws -> Int {
        let call = call(NotificationsAPI.unreadCount.declaration, by: caller)
        return try await world.inbox.unreadCount(NoInput(), call).view.unread
    }

    /// An event of the owner's account, handled.
    @discardableResult
    private func changed(_ world: World, of account: ID<Account> = owner.account) async throws -> EventEnvelope {
        world.clock.pass(.seconds(1))
        let envelope = world.envelope(.passwordChanged(AccountFact(account: account, role: .patient)))
        try await world.handler.handle(envelope)
        return envelope
    }

    @Test func `an event makes one message, however often it comes`() async throws {
        try await withWorld { world in
            let envelope = try await changed(world)
            try await world.database.run("delete from handled")
            try await world.handler.handle(envelope)
            let page = try await list(world)
            #expect(page.total == 1)
            let message = try #require(page.items.first)
            #expect(message.kind == "password.changed" && message.readAt == nil)
            #expect(message.subject == Self.owner.account.description && message.link == "/account")
        }
    }

    @Test func `the inbox is its owner's alone, whatever a statement forgets`() async throws {
        try await withWorld { world in
            try await changed(world)
            let message = try #require(try await list(world).items.first)
            #expect(try await list(world, by: Self.other).items.isEmpty)
            #expect(try await unread(world, by: Self.other) == 0)
            await #expect(throws: Problem.notFound) {
                try await world.inbox.read(ByID(message.id), call(NotificationsAPI.read.declaration, by: Self.other))
            }
            let seen = try await world.database.read(Column<Int>("count(*)"), as: Scope(Self.other)) {
                "select \($0) from inbox_message"
            }.one
            #expect(seen == 0)
            #expect(try await unread(world) == 1)
        }
    }

    @Test func `reading one again changes nothing, reading all says how many were unread`() async throws {
        try await withWorld { world in
            for _ in 0..<3 { try await changed(world) }
            let message = try #require(try await list(world).items.first)
            let read = call(NotificationsAPI.read.declaration)
            let first = try await world.inbox.read(ByID(message.id), read).view
            world.clock.pass(.seconds(60))
            let second = try await world.inbox.read(ByID(message.id), read).view
            #expect(first.readAt != nil && second.readAt == first.readAt)
            #expect(try await unread(world) == 2)
            #expect(try await list(world, ("unread", "true")).total == 2)
            #expect(try await list(world, ("unread", "false")).items.map(\.id) == [message.id])
            let all = call(NotificationsAPI.readAll.declaration)
            #expect(try await world.inbox.readAll(NoInput(), all).view.read == 2)
            #expect(try await world.inbox.readAll(NoInput(), all).view.read == 0)
            #expect(try await unread(world) == 0)
        }
    }

    @Test func `pages and cursors walk the same messages, the newest first`() async throws {
        try await withWorld { world in
            for _ in 0..<5 { try await changed(world) }
            try await changed(world, of: Self.other.account)
            let numbered = try await list(world, ("page_size", "5")).items
            #expect(numbered.map(\.createdAt) == numbered.map(\.createdAt).sorted(by: >) && numbered.count == 5)
            var walked: [ID<InboxMessage>] = []
            var request = PageRequest(position: .after(nil), size: 2)
            while true {
                let page = try await world.inboxes.list(request, isUnread: nil, of: Self.owner)
                walked += page.items.map(\.id)
                guard let next = page.nextCursor else { break }
                request = PageRequest(position: .after(next), size: 2)
            }
            #expect(walked == numbered.map(\.id))
        }
    }

    @Test func `what is older than 180 days is deleted, and no younger one`() async throws {
        try await withWorld { world in
            try await changed(world)
            world.clock.pass(InboxStore.retention)
            try await changed(world)
            #expect(try await world.inboxes.purge(at: world.clock.now) == 1)
            #expect(try await world.inboxes.purge(at: world.clock.now) == 0)
            #expect(try await list(world).total == 1)
        }
    }
}
