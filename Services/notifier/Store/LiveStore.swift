package import Events
import JSON
package import Kernel
package import NotifierDomain
package import Postgres

/// Asks the database about what streams tell, in the service's own name.
package struct LiveStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How long an event can be resumed behind, and how many of an account.
    package static let retention: Duration = .seconds(86_400)
    package static let kept = 1000
    /// Accounts named by one notification: a payload has at most 8 000 bytes.
    private static let named = 200
    static let batch = 1000

    /// Where those who serve streams hear that accounts have new events.
    package var channel: String { "live_\(database.settings.schema)" }

    /// Gives the event the next number of each account that hears of it. The accounts are locked in the order of their
    /// ids, so two events never wait for each other in a ring. Once for an account, however often the event comes.
    package func insert(
        _ event: OutsideEvent, for hearers: LiveHearers, at now: Instant, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            with hearer as (
                select unnest(\(Array(hearers.accounts))::uuid[]) as id
                union select account_id from hospital_account where hospital_id = \(hearers.hospital)::uuid
                union select account_id from administrator where \(hearers.administrators)::boolean
            ), numbered as (
                insert into live_cursor (account_id, last)
                select id, 1 from hearer where not exists (
                    select 1 from live_event where account_id = id and event_id = \(event.id)::uuid) order by id
                on conflict (account_id) do update set last = live_cursor.last + 1
                returning account_id, last
            ), kept as (
                insert into live_event (account_id, seq, event_id, name, body, created_at)
                select account_id, last, \(event.id)::uuid, \(event.type)::text, \(JSONText(event.json.bytes))::json,
                    \(now)::timestamptz
                from numbered returning account_id
            ), part as (
                select account_id::text as id, (row_number() over () - 1) / \(Self.named)::integer as number from kept
            )
            select pg_notify(\(channel)::text, string_agg(id, ',')) from part group by number
            """)
    }

    /// Deletes some that are too old, or too many of their account; how many.
    package func purge(at now: Instant) async throws -> Int {
        let old = try await database.run(
            """
            delete from live_event where (account_id, seq) in (
                select account_id, seq from live_event where created_at < \(now - Self.retention)
                order by created_at limit \(Self.batch))
            """, as: .service)
        let many = try await database.run(
            """
            delete from live_event where (account_id, seq) in (
                select e.account_id, e.seq from live_cursor c
                join live_event e on e.account_id = c.account_id and e.seq <= c.last - \(Self.kept)
                where c.last > \(Self.kept) limit \(Self.batch))
            """, as: .service)
        return max(old.affected, many.affected)
    }
}
