package import Forms
package import Kernel

/// The inbox of whoever is logged in.
package enum NotificationsAPI {
    static let declarations: [Declaration] = [
        list.declaration, unreadCount.declaration, read.declaration, readAll.declaration, preferences.declaration,
        replacePreferences.declaration, changePreferences.declaration, unsubscribe.declaration,
        preferencesOfCaller.declaration,
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

    package static let preferences = Endpoint(
        .get, "/api/notifications/preferences", "getNotificationPreferences", of: .notifier, for: .authenticated,
        gives: Item<PreferencesView>.self, says: "Preferences retrieved successfully.",
        summary: "How the caller is told of what concerns them; before anything is chosen, the usual ways",
        tag: "Notifications")

    package static let replacePreferences = Endpoint(
        .put, "/api/notifications/preferences", "replaceNotificationPreferences", of: .notifier,
        for: .authenticated, takes: PreferencesBody.self, gives: Item<PreferencesView>.self,
        says: "Preferences updated successfully.",
        summary: """
            Ways by kind; of email and sms the one named later is tried when the earlier one fails for good. What is \
            absent is as usual.
            """,
        tag: "Notifications", refuses: [.locked, .preconditionFailed])

    package static let changePreferences = Endpoint(
        .patch, "/api/notifications/preferences", "changeNotificationPreferences", of: .notifier,
        for: .authenticated, takes: Patch<PreferencesBody>.self, gives: Item<PreferencesView>.self,
        says: "Preferences updated successfully.", summary: "Changes what is named; null brings back what is usual",
        tag: "Notifications", refuses: [.locked, .preconditionFailed])

    package static let preferencesOfCaller = Endpoint(
        .get, "/internal/notifications/preferences", "preferencesOfCaller", of: .notifier,
        for: .services([.scheduling]), gives: Item<PreferencesView>.self, says: "Preferences retrieved successfully.",
        summary: "How the caller is told of what concerns them: a patient's dates are read in its time zone",
        tag: "Internal", rate: .unlimited)

    package static let unsubscribe = Endpoint(
        .post, "/unsubscribe", "unsubscribe", of: .notifier, for: .anyone, takes: UnsubscribeQuery.self,
        gives: Done.self, says: "You will get no more mails of this kind.",
        summary: "Ends mails of one kind to one account, by the token of such a mail (RFC 8058); no login is needed",
        tag: "Notifications", rate: .documents)
}

/// The token of a mail's `List-Unsubscribe`. The body that mail programs send says nothing more and is not read.
package struct UnsubscribeQuery: Input {
    package let token: String

    private static let form = Form(.text("token", 1...200, in: .query))
    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { token = try Self.form.read(source) }
}
