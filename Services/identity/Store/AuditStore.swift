package import API
package import Kernel
package import Postgres

/// Reads the audit trail of identity's own schema; Chassis writes it, and nobody changes it.
package struct AuditStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package func list(_ wish: ListAudit) async throws -> Page<AuditEntryView> {
        var conditions: [SQL] = ["true"]
        if let actor = wish.actor { conditions.append("actor_id = \(actor)") }
        if let action = wish.action { conditions.append("action = \(action)") }
        if let from = wish.from { conditions.append("at >= \(from)") }
        if let to = wish.to { conditions.append("at < \(to)") }
        if case .after(let cursor?) = wish.page.position {
            guard let last = Int64(cursor) else {
                throw Problem.field("cursor", "This cursor is not one of this list.")
            }
            conditions.append("entry_id < \(last)")
        }
        let rows = try await database.read(
            """
            select entry_id, at, action, actor_id, subject, request_id
            from audit_entry where \(sql: .joined(conditions, by: " and "))
            order by entry_id desc limit \(wish.page.size + 1) offset \(wish.page.offset)
            """)
        let items = try rows.prefix(wish.page.size).map { row in
            AuditEntryView(
                id: try row.text(0), at: try row.instant(1), action: try row.text(2), actor: try row.optionalID(3),
                subject: try row.optionalText(4), requestID: try row.optionalText(5))
        }
        // Counting a trail of years would cost more than the page: the list is walked by its cursor.
        return Page(items: items, total: nil, nextCursor: rows.count > wish.page.size ? items.last?.id : nil)
    }
}
