import JSON
package import Kernel
package import NotifierDomain
package import Postgres

/// One event as a stream tells it.
package struct LiveRow: Sendable, Equatable {
    package let account: ID<Account>
    package let seq: Int64
    package let name: String
    /// One line of JSON.
    package let body: JSONText

    static let row = Projection(
        Column<ID<Account>>("e.account_id"), Column<Int64>("e.seq"), Column<String>("e.name"),
        Column<JSONText>("e.body"), make: LiveRow.init)
}

/// What streams read.
extension LiveStore {
    /// Events of an account that are read at a time.
    package static let page = 200

    /// Where a stream of the account begins; nil when the session has ended.
    package func beginning(
        of account: ID<Account>, in session: ID<Session>, after last: LastEventID
    ) async throws -> StreamBeginning? {
        let standing = Projection(
            Column<Int64>("coalesce((select last from live_cursor where account_id = \(account)), 0)"),
            Column<Bool>(
                "exists (select 1 from live_event where account_id = \(account) and seq = \(last.next)::bigint)"),
            Column<Bool>("exists (select 1 from ended_session where session_id = \(session))"))
        let (cursor, isNextKept, hasEnded) = try await database.read(standing, as: .service).one
        return hasEnded ? nil : StreamBeginning(after: last, cursor: cursor, isNextKept: isNextKept)
    }

    /// What is behind these numbers, for all accounts by one question, at most a page of each.
    package func events(behind positions: [ID<Account>: Int64]) async throws -> [LiveRow] {
        let (accounts, numbers) = (Array(positions.keys), Array(positions.values))
        return try await database.read(LiveRow.row, as: .service) {
            """
            select \($0) from unnest(\(accounts)::uuid[], \(numbers)::bigint[]) as w(account_id, seq)
            cross join lateral (
                select * from live_event where account_id = w.account_id and seq > w.seq
                order by seq limit \(Self.page)) e
            order by e.account_id, e.seq
            """
        }
    }
}
