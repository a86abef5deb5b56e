import API
import Chassis
package import Kernel
package import NotifierDomain
package import Postgres

/// Asks the database about inboxes.
package struct InboxStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How long a message is kept.
    package static let retention: Duration = .seconds(180 * 86_400)
    static let batch = 1000

    /// Keeps a message; the same event, recipient and kind give one row, however often they come.
    package func insert(
        _ planned: PlannedInboxMessage, of event: ID<EventRecord>, id: ID<InboxMessage>, at now: Instant,
        in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            insert into inbox_message (message_id, account_id, event_id, kind, subject_id, starts, created_at)
            values (\(id), \(planned.recipient), \(event), \(planned.kind.rawValue), \(planned.subject),
                \(planned.starts), \(now))
            on conflict on constraint inbox_message_once do nothing
            """)
    }

    /// - Parameter isUnread: only those; nil for all.
    package func list(
        _ page: PageRequest, isUnread: Bool?, of caller: Caller
    ) async throws -> Page<InboxRow> {
        let state: SQL = isUnread.map { $0 ? "and read_at is null" : "and read_at is not null" } ?? ""
        let own: SQL = "account_id = \(caller.account) \(sql: state)"
        guard case .after = page.position else {
            return try await database.page(
                InboxRow.row, from: "inbox_message where \(sql: own)", by: "message_id desc", page,
                as: Scope(caller))
        }
        let older: SQL = try page.cursor().map { "and message_id < \(try $0.id(of: InboxMessage.self))" } ?? ""
        let rows = try await database.read(InboxRow.row, as: Scope(caller)) {
            """
            select \($0) from inbox_message where \(sql: own) \(sql: older)
            order by message_id desc limit \(page.size + 1)
            """
        }
        return Page(fetched: Array(rows), size: page.size) { Cursor(id: $0.id).text }
    }

    package func unread(of caller: Caller) async throws -> Int {
        try await database.read(Column<Int>("count(*)"), as: Scope(caller)) {
            "select \($0) from inbox_message where account_id = \(caller.account) and read_at is null"
        }.one
    }

    /// The message, read now at the latest; nil where the account has none of this id.
    package func read(
        _ id: ID<InboxMessage>, of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> InboxRow? {
        try await tx.run(InboxRow.row) {
            """
            update inbox_message set read_at = coalesce(read_at, \(now))
            where message_id = \(id) and account_id = \(account) returning \($0)
            """
        }.first
    }

    /// All that are there and unread are read now; how many. What comes while it runs stays unread.
    package func readAll(of account: ID<Account>, at now: Instant, in tx: Transaction) async throws -> Int {
        try await tx.run(
            "update inbox_message set read_at = \(now) where account_id = \(account) and read_at is null"
        ).affected
    }

    /// Deletes some that are older than they are kept; how many.
    package func purge(at now: Instant) async throws -> Int {
        try await database.run(
            """
            delete from inbox_message where (account_id, message_id) in (
                select account_id, message_id from inbox_message where created_at < \(now - Self.retention)
                order by created_at limit \(Self.batch))
            """, as: .service
        ).affected
    }
}

/// One message as it is kept.
package struct InboxRow: Sendable, Equatable {
    package let id: ID<InboxMessage>
    package let kind: InboxKind
    package let subject: ID<MessageSubject>?
    package let starts: Instant?
    package let createdAt: Instant
    package let readAt: Instant?

    static let row = Projection(
        Column<ID<InboxMessage>>("message_id"), Column<InboxKind>("kind"), Column<ID<MessageSubject>?>("subject_id"),
        Column<Instant?>("starts"), Column<Instant>("created_at"), Column<Instant?>("read_at"), make: InboxRow.init)
}

extension InboxKind: SQLValue {}
