package import Forms
package import Kernel

/// Which messages of the inbox are asked for.
package struct ListNotifications: Input {
    package let page: PageRequest
    /// Only unread, or only read ones; nil for all.
    package let unread: Bool?

    private static let form = Form(.page, .optional(.boolean("unread", in: .query)))
    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (page, unread) = try Self.form.read(source) }
}

/// One message of the inbox. Its sentences name nobody: what they are about is read under `link`, or by `subject_id`.
package struct NotificationView: View {
    package let id: ID<InboxMessage>
    package let kind: String
    package let title: String
    package let body: String
    package let subjectType: String
    package let subject: String?
    /// When what it is about begins, as a visit does.
    package let starts: Instant?
    package let link: String
    package let readAt: Instant?
    package let createdAt: Instant

    package init(
        id: ID<InboxMessage>, kind: String, title: String, body: String, subjectType: String, subject: String?,
        starts: Instant?, link: String, readAt: Instant?, createdAt: Instant
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.body = body
        self.subjectType = subjectType
        self.subject = subject
        self.starts = starts
        self.link = link
        self.readAt = readAt
        self.createdAt = createdAt
    }

    package static let shape = Shape<NotificationView>(
        "Notification", .id("id") { $0.id }, .text("kind") { $0.kind }, .text("title") { $0.title },
        .text("body") { $0.body }, .text("subject_type") { $0.subjectType },
        .maybe("subject_id", .string(format: "uuid")) { $0.subject }, .maybeInstant("starts") { $0.starts },
        .text("link") { $0.link }, .boolean("is_read") { $0.readAt != nil }, .maybeInstant("read_at") { $0.readAt },
        .instant("created_at") { $0.createdAt })
}

/// How many messages of the inbox are unread.
package struct UnreadCountView: View {
    package let unread: Int

    package init(unread: Int) { self.unread = unread }

    package static let shape = Shape<UnreadCountView>("UnreadCount", .integer("unread") { $0.unread })
}

/// How many messages were marked as read.
package struct ReadCountView: View {
    package let read: Int

    package init(read: Int) { self.read = read }

    package static let shape = Shape<ReadCountView>("ReadCount", .integer("read") { $0.read })
}
