package import Crypto
package import Kernel
package import Postgres

/// Asks the database about tickets for streams and about sessions that ended.
package struct StreamTicketStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How long a ticket opens streams, unless its session ends before.
    package static let lifetime: Duration = .seconds(70 * 60)
    /// How long the end of a session is kept: longer than an access token, a ticket or a stream lives.
    package static let endRetention: Duration = .seconds(86_400)

    /// Where those who serve streams hear of tickets used again, and of sessions that ended.
    package var ticketChannel: String { "live_ticket_\(database.settings.schema)" }
    package var sessionChannel: String { "live_session_\(database.settings.schema)" }

    /// Keeps a new ticket of the caller's session.
    package func insert(_ token: OpaqueToken, of caller: Caller, at now: Instant, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into live_ticket (ticket_hash, account_id, session_id, expires_at)
            values (\(token.stored), \(caller.account), \(caller.session), \(now + Self.lifetime))
            """)
    }

    /// A ticket that opens a stream now.
    package struct Used: Sendable, Equatable {
        /// Names the ticket; opens nothing.
        package let name: String
        package let account: ID<Account>
        package let session: ID<Session>
        package let opening: Int64
    }

    /// Whose ticket it is; nil for none, or none any more. The stream that it opened before is told to end.
    package func use(_ text: String, at now: Instant) async throws -> Used? {
        guard let hash = OpaqueToken.stored(for: text) else { return nil }
        let row = Projection(
            Column<String>("name"), Column<ID<Account>>("account_id"), Column<ID<Session>>("session_id"),
            Column<Int64>("openings"),
            Column<Bool>("pg_notify(\(ticketChannel)::text, name || ' ' || openings) is null"))
        return try await database.run(row, as: .service) {
            """
            with used as (
                update live_ticket set openings = openings + 1 where ticket_hash = \(hash) and expires_at > \(now)
                returning encode(ticket_hash, 'hex') as name, account_id, session_id, openings
            )
            select \($0) from used
            """
        }.first.map { Used(name: $0.0, account: $0.1, session: $0.2, opening: $0.3) }
    }

    /// These sessions have ended: their tickets open nothing any more, and their streams are told to end.
    package func end(_ sessions: [ID<Session>], at now: Instant, in tx: Transaction) async throws {
        try await tx.run("delete from live_ticket where session_id = any(\(sessions))")
        try await tx.run(
            """
            with ended as (
                insert into ended_session (session_id, ended_at)
                select id, \(now)::timestamptz from unnest(\(sessions)::uuid[]) id order by id
                on conflict do nothing returning session_id
            ), part as (
                select session_id::text as id, (row_number() over () - 1) / 200 as number from ended
            )
            select pg_notify(\(sessionChannel)::text, string_agg(id, ',')) from part group by number
            """)
    }

    /// Which of these have ended.
    package func ended(of sessions: [ID<Session>]) async throws -> [ID<Session>] {
        if sessions.isEmpty { return [] }
        return try await database.read(Column<ID<Session>>("session_id"), as: .service) {
            "select \($0) from ended_session where session_id = any(\(sessions))"
        }
    }

    /// How often each of these tickets was used; nothing of those that are over.
    package func openings(of names: Set<String>) async throws -> [String: Int64] {
        if names.isEmpty { return [:] }
        let row = Column<String>("encode(ticket_hash, 'hex')") + Column<Int64>("openings")
        let rows = try await database.read(row, as: .service) {
            """
            select \($0) from live_ticket
            where ticket_hash in (select decode(name, 'hex') from unnest(\(Array(names))::text[]) name)
            """
        }
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: max)
    }

    /// Deletes what nobody can need any more.
    package func purge(at now: Instant) async throws {
        try await database.run("delete from live_ticket where expires_at <= \(now)", as: .service)
        try await database.run("delete from ended_session where ended_at < \(now - Self.endRetention)", as: .service)
    }
}
