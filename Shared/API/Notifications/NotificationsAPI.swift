package import Kernel

/// The inbox of whoever is logged in.
package enum NotificationsAPI {
    static let declarations: [Declaration] = [
        list.declaration, unreadCount.declaration, read.declaration, readAll.declaration,
    ]

    package static let list = Endpoint(
        .get, "/api/notifications", "listNotifications", of: .notifier, for: .authenticated,
        takes: ListNotifications.self, gives: Listing<NotificationView>.self,
        says: "Notifications retrieved successfully.",
        summary: "The caller's inbox, the newest first; messages are kept for 180 days", tag: "Notifications")

    package static let unreadCount = Endpoint(
        .get, "/api/notifications/unread-count", "countUnreadNotifications", of: .notifier, for: .authenticated,
        gives: Item<UnreadCountView>.self, says: "Unread notifications counted successfully.",
        summary: "How many of them are unread", tag: "Notifications")

    package static let read = Endpoint(
        .post, "/api/notifications/{id}/read", "readNotification", of: .notifier, for: .authenticated,
        takes: ByID<InboxMessage>.self, gives: Item<NotificationView>.self, says: "Notification marked as read.",
        summary: "Marks one as read; again it changes nothing", tag: "Notifications", refuses: [.notFound])

    package static let readAll = Endpoint(
        .post, "/api/notifications/read-all", "readAllNotifications", of: .notifier, for: .authenticated,
        gives: Item<ReadCountView>.self, says: "Notifications marked as read.",
        summary: "Marks all as read that are there when it begins", tag: "Notifications")
}
