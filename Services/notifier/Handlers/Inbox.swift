package import API
package import Chassis
package import Kernel
import NotifierDomain
package import Web

/// `/api/notifications`: what an account finds in its inbox.
package struct Inbox: Sendable {
    private let store: InboxStore
    private let unit: UnitOfWork
    private let clock: any WallClock

    package init(store: InboxStore, unit: UnitOfWork, clock: any WallClock) {
        self.store = store
        self.unit = unit
        self.clock = clock
    }

    package func list(_ query: ListNotifications, _ call: Call) async throws -> Listing<NotificationView> {
        let page = try await store.list(query.page, isUnread: query.unread, of: try call.requireCaller())
        return Listing(page.map(NotificationView.init), asked: query.page)
    }

    package func unreadCount(_: NoInput, _ call: Call) async throws -> Item<UnreadCountView> {
        Item(UnreadCountView(unread: try await store.unread(of: try call.requireCaller())))
    }

    package func read(_ input: ByID<InboxMessage>, _ call: Call) async throws -> Item<NotificationView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let row = try await store.read(input.id, of: caller.account, at: clock.now, in: tx) else {
                throw Problem.notFound
            }
            return Item(NotificationView(row))
        }
    }

    package func readAll(_: NoInput, _ call: Call) async throws -> Item<ReadCountView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            Item(ReadCountView(read: try await store.readAll(of: caller.account, at: clock.now, in: tx)))
        }
    }
}

extension NotificationView {
    init(_ row: InboxRow) {
        self.init(
            id: row.id, kind: row.kind.rawValue, title: row.kind.title, body: row.kind.body,
            subjectType: row.kind.subject.rawValue, subject: row.subject?.description, starts: row.starts,
            link: row.kind.subject.link(to: row.subject?.description), readAt: row.readAt, createdAt: row.createdAt)
    }
}
