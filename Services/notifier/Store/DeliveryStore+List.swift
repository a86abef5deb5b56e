package import API
package import Kernel
import NotifierDomain
package import Postgres

/// What administrators ask about deliveries, and do to them.
extension DeliveryStore {
    package func list(_ query: ListDeliveries) async throws -> Page<DeliveryView> {
        let filter = filter(query)
        let rows = try await database.read(Self.view) {
            """
            select \($0) from delivery where \(sql: filter) and \(sql: try keyset(query.page))
            order by created_at desc, delivery_id desc limit \(query.page.size + 1) offset \(query.page.offset)
            """
        }
        guard case .after = query.page.position else {
            let total = try await database.read(Column<Int>("count(*)")) {
                "select \($0) from delivery where \(sql: filter)"
            }
            return Page(items: Array(rows.prefix(query.page.size)), total: try total.one)
        }
        return Page(fetched: Array(rows), size: query.page.size) { Cursor(id: $0.id, key: $0.created).text }
    }

    /// The delivery as it stands, kept from changing until the transaction ends.
    package func lock(_ id: ID<Delivery>, in tx: Transaction) async throws -> Standing? {
        try await tx.run(Standing.row) { "select \($0) from delivery where delivery_id = \(id) for update" }.first
    }

    /// What is known of a delivery that an administrator wants to retry.
    package struct Standing: Sendable, Equatable {
        package let state: DeliveryState
        package let leasedUntil: Instant?

        fileprivate static let row = Projection(
            Column<DeliveryState>("state"), Column<Instant?>("leased_until"), make: Standing.init)
    }

    /// Makes it due now, with its whole life before it; Message-ID and date stay.
    package func sendAgain(_ id: ID<Delivery>, at now: Instant, in tx: Transaction) async throws -> DeliveryView {
        try await tx.run(Self.view) {
            """
            update delivery set state = 'waiting', next_attempt_at = \(now), retried_at = \(now),
                retried_after = attempts, leased_until = null, settled_at = null
            where delivery_id = \(id) returning \($0)
            """
        }.one
    }

    private static let view = Projection(
        Column<ID<Delivery>>("delivery_id"), Column<String>("kind"), Column<String>("channel"),
        Column<ID<Account>>("account_id"), Column<DeliveryState>("state"), Column<Int>("attempts"),
        Column<String?>("last_error"), Column<Instant>("created_at"), Column<Instant?>("tried_at"),
        Column<Instant?>("case when state = 'waiting' then next_attempt_at end"), Column<Instant?>("settled_at"),
        Column<Instant?>("retried_at"), make: DeliveryView.init)

    private func filter(_ query: ListDeliveries) -> SQL {
        var conditions: [SQL] = ["true"]
        if let state = query.state { conditions.append("state = \(state.rawValue)") }
        if let kind = query.kind { conditions.append("kind = \(kind)") }
        if let channel = query.channel { conditions.append("channel = \(channel.rawValue)") }
        return .joined(conditions, by: " and ")
    }

    private func keyset(_ page: PageRequest) throws(Problem) -> SQL {
        guard let cursor = try page.cursor() else { return "true" }
        return "(created_at, delivery_id) < (\(try cursor.instant()), \(try cursor.id(of: Delivery.self))::uuid)"
    }
}

extension DeliveryState: SQLValue {}
