package import API
package import Kernel
package import Postgres

/// Reads a service's own audit trail, the latest first; nobody changes it.
package struct AuditTrail: Sendable {
    private let database: Database
    private let log: AuditLog
    private let service: ServiceName

    package init(_ database: Database, _ log: AuditLog, of service: ServiceName) {
        self.database = database
        self.log = log
        self.service = service
    }

    package func page(_ query: ListAudit) async throws -> Page<AuditEntryView> {
        let rows = try await database.read(row) {
            """
            select \($0) from audit_entry where \(sql: .joined(try conditions(query), by: " and "))
            order by \(sql: Self.order(query)) limit \(query.page.size + 1) offset \(query.page.offset)
            """
        }
        // Counting a trail of years would cost more than the page: the list is walked by its cursor.
        return Page(fetched: Array(rows), size: query.page.size) { Cursor(id: $0.id).text }
    }

    /// The latest first, in the order of the index that begins with what is asked for. `= any` of one, and not `=`:
    /// PostgreSQL leaves what equals a constant out of the order, and might then walk everybody's entries.
    private static func order(_ query: ListAudit) -> SQL {
        if query.actor != nil { return "actor_id, entry_id desc" }
        if query.action != nil { return "action, entry_id desc" }
        return query.role == nil ? "entry_id desc" : "actor_role, entry_id desc"
    }

    private func conditions(_ query: ListAudit) throws -> [SQL] {
        var conditions: [SQL] = ["true"]
        if let actor = query.actor { conditions.append("actor_id = any(\([actor])::uuid[])") }
        if let role = query.role { conditions.append("actor_role = any(\([role.rawValue])::text[])") }
        if let action = query.action { conditions.append("action = any(\([action])::text[])") }
        if let from = query.from { conditions.append("at >= \(from)") }
        if let to = query.to { conditions.append("at < \(to)") }
        if let cursor = try query.page.cursor() { conditions.append("entry_id < \(try cursor.number())") }
        return conditions
    }

    private var row: Projection<AuditEntryView> {
        Projection(
            Column<String>("entry_id"), Column<Instant>("at"), Column<String>("action"),
            Column<ID<Account>?>("actor_id"), Column<String?>("actor_role"), Column<String?>("subject"),
            Column<String?>("request_id"), Column<[UInt8]?>(Self.address), Column<Int?>(Self.batch)
        ) { id, at, action, actor, role, subject, request, address, batch in
            AuditEntryView(
                id: id, service: service.rawValue, at: at, action: action, actor: actor, role: role, subject: subject,
                requestID: request,
                // A row that somebody changed is shown as it is now; `praxis audit verify` says that it was.
                address: (try? log.address(address, ofRequest: request)) ?? nil, batch: batch)
        }
    }

    /// As it was written, or sealed anew since.
    private static let address: SQL = """
        coalesce((select a.sealed from audit_address a where a.entry_id = audit_entry.entry_id), address)
        """

    private static let batch: SQL = """
        (select batch_number from audit_batch where last_entry_id >= entry_id and entry_id = any(entry_ids)
            order by last_entry_id limit 1)
        """
}
