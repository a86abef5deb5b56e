package import API
package import Kernel
package import Postgres

/// Reads a service's own audit trail, the latest first; nobody changes it.
package struct AuditTrail: Sendable {
    private let database: Database
    private let log: AuditLog
    private let service: ServiceName

    package init(_ database: Database, _ log: AuditLog, of service: ServiceName) {
        (self.database, self.log, self.service) = (database, log, service)
    }

    package func page(_ query: ListAudit) async throws -> Page<AuditEntryView> {
        let rows = try await database.read(
            """
            select entry_id, at, action, actor_id, actor_role, subject, request_id, address,
                (select batch_number from audit_batch
                    where last_entry_id >= entry_id and entry_id = any(entry_ids)
                    order by last_entry_id limit 1)
            from audit_entry where \(sql: .joined(try conditions(query), by: " and "))
            order by entry_id desc limit \(query.page.size + 1) offset \(query.page.offset)
            """)
        let items = try rows.prefix(query.page.size).map { try view($0) }
        // Counting a trail of years would cost more than the page: the list is walked by its cursor.
        return Page(items: items, total: nil, nextCursor: rows.count > query.page.size ? items.last?.id : nil)
    }

    private func conditions(_ query: ListAudit) throws -> [SQL] {
        var conditions: [SQL] = ["true"]
        if let actor = query.actor { conditions.append("actor_id = \(actor)") }
        if let role = query.role { conditions.append("actor_role = \(role.rawValue)") }
        if let action = query.action { conditions.append("action = \(action)") }
        if let from = query.from { conditions.append("at >= \(from)") }
        if let to = query.to { conditions.append("at < \(to)") }
        if case .after(let cursor?) = query.page.position {
            guard let last = Int64(cursor) else {
                throw Problem.field("cursor", "This cursor is not one of this list.")
            }
            conditions.append("entry_id < \(last)")
        }
        return conditions
    }

    private func view(_ row: Row) throws -> AuditEntryView {
        let request = try row.optionalText(6)
        // A row that somebody changed is shown as it is now; `praxis audit verify` says that it was.
        let address = try? log.address(try row.decode(7), ofRequest: request)
        return AuditEntryView(
            id: try row.text(0), service: service.rawValue, at: try row.instant(1), action: try row.text(2),
            actor: try row.optionalID(3), role: try row.optionalText(4), subject: try row.optionalText(5),
            requestID: request, address: address ?? nil, batch: try row.optionalInteger(8))
    }
}
