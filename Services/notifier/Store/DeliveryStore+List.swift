package import API
package import Kernel
import NotifierDomain
package import Postgres

/// What administrators ask about deliveries, and do to them.
extension DeliveryStore {
    package func list(_ wish: ListDeliveries) async throws -> Page<DeliveryView> {
        let filter = filter(wish)
        let rows = try await database.read(
            """
            select \(sql: Self.viewColumns) from delivery where \(sql: filter) and \(sql: try keyset(wish.page))
            order by created_at desc, delivery_id desc limit \(wish.page.size + 1) offset \(wish.page.offset)
            """)
        let items = try rows.prefix(wish.page.size).map { try Self.view($0) }
        guard case .after = wish.page.position else {
            let total = try await database.read("select count(*) from delivery where \(sql: filter)").one.integer(0)
            return Page(items: items, total: total)
        }
        let last = rows.count > wish.page.size ? items.last : nil
        return Page(items: items, total: nil, nextCursor: last.map { "\($0.created.microseconds)_\($0.id)" })
    }

    /// The delivery as it stands, kept from changing until the transaction ends.
    package func lock(_ id: ID<Delivery>, in tx: Transaction) async throws -> Standing? {
        let rows = try await tx.run("select state, leased_until from delivery where delivery_id = \(id) for update")
        guard let row = rows.first else { return nil }
        guard let state = DeliveryState(rawValue: try row.text(0)) else { throw Problem.internalError }
        return Standing(state: state, leasedUntil: try row.optionalInstant(1))
    }

    package struct Standing: Sendable, Equatable {
        package let state: DeliveryState
        package let leasedUntil: Instant?
    }

    /// Makes it due now, with its whole life before it; Message-ID and date stay.
    package func sendAgain(_ id: ID<Delivery>, at now: Instant, in tx: Transaction) async throws -> DeliveryView {
        let rows = try await tx.run(
            """
            update delivery set state = 'waiting', next_attempt_at = \(now), retried_at = \(now), retried_after = attempts,
                leased_until = null, settled_at = null
            where delivery_id = \(id) returning \(sql: Self.viewColumns)
            """)
        return try Self.view(rows.one)
    }

    private static let viewColumns: SQL =
        """
        delivery_id, kind, channel, account_id, state, attempts, last_error, created_at, tried_at,
        case when state = 'waiting' then next_attempt_at end, settled_at, retried_at
        """

    private static func view(_ row: Row) throws -> DeliveryView {
        guard let state = DeliveryState(rawValue: try row.text(4)) else { throw Problem.internalError }
        return DeliveryView(
            id: try row.id(0), kind: try row.text(1), channel: try row.text(2), account: try row.id(3), state: state,
            attempts: try row.integer(5), lastError: try row.optionalText(6), created: try row.instant(7),
            lastAttempt: try row.optionalInstant(8), nextAttempt: try row.optionalInstant(9),
            settled: try row.optionalInstant(10), retried: try row.optionalInstant(11))
    }

    private func filter(_ wish: ListDeliveries) -> SQL {
        var conditions: [SQL] = ["true"]
        if let state = wish.state { conditions.append("state = \(state.rawValue)") }
        if let kind = wish.kind { conditions.append("kind = \(kind)") }
        if let channel = wish.channel { conditions.append("channel = \(channel.rawValue)") }
        return .joined(conditions, by: " and ")
    }

    private func keyset(_ page: PageRequest) throws(Problem) -> SQL {
        guard case .after(let cursor?) = page.position else { return "true" }
        let parts = cursor.split(separator: "_")
        guard parts.count == 2, let microseconds = Int64(parts[0]), let id = ID<Delivery>(parts[1]) else {
            throw .field("cursor", "This cursor is not one of this list.")
        }
        return "(created_at, delivery_id) < (\(Instant(microseconds: microseconds)), \(id)::uuid)"
    }
}
