package import Forms
package import JSON
package import Kernel

/// The audit trail: administrators ask identity, which asks the service whose trail it is.
package enum AuditAPI {
    package static func trail(of service: ServiceName) -> Endpoint<ListAudit, Bare<AuditPageView>> {
        Endpoint(
            .get, "/internal/audit", "\(service.rawValue)Audit", of: service, for: .services([.identity]),
            takes: ListAudit.self, gives: Bare<AuditPageView>.self, says: "Audit trail.",
            summary: "A part of this service's own audit trail.", tag: "Internal", rate: .unlimited)
    }

    /// Identity reads its own without asking.
    package static let declarations: [Declaration] = ServiceName.allCases
        .filter { $0 != .gateway && $0 != .identity }.map { trail(of: $0).declaration }
}

/// Whose trail: each service keeps its own.
package enum AuditedService: String, Sendable, CaseIterable {
    case identity, registry, scheduling, records, notifier

    package var name: ServiceName {
        switch self {
        case .identity: .identity
        case .registry: .registry
        case .scheduling: .scheduling
        case .records: .records
        case .notifier: .notifier
        }
    }
}

/// Which part of an audit trail an administrator wants to see.
package struct ListAudit: Input {
    package let page: PageRequest
    /// Nil for all of them.
    package let service: AuditedService?
    package let role: Role?
    package let actor: ID<Account>?
    package let action: String?
    package let from: Instant?
    package let to: Instant?

    private static let form = Form(
        .page, .optional(.choice("service", in: .query) as Field<AuditedService>),
        .optional(.choice("role", in: .query) as Field<Role>), .optional(.id("actor", of: Account.self, in: .query)),
        .optional(.text("action", 1...100, in: .query)), .optional(.instant("from", in: .query)),
        .optional(.instant("to", in: .query)))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        (page, service, role, actor, action, from, to) = try Self.form.read(source)
    }

    private init(_ query: ListAudit, of service: AuditedService, from cursor: String?) {
        page = PageRequest(position: .after(cursor), size: query.page.size)
        self.service = service
        role = query.role
        actor = query.actor
        action = query.action
        from = query.from
        to = query.to
    }

    /// The same of one service, from this cursor of its own on.
    package func part(of service: AuditedService, from cursor: String?) -> ListAudit {
        ListAudit(self, of: service, from: cursor)
    }

    /// The same as the parameters of a query.
    package var parameters: [(name: String, value: String)] {
        var query = [(name: "page_size", value: String(page.size))]
        switch page.position {
        case .page(let number): query.append(("page", String(number)))
        case .after(let cursor): query.append(("cursor", cursor ?? ""))
        }
        let filters = [
            ("service", service?.rawValue), ("role", role?.rawValue), ("actor", actor?.description), ("action", action),
            ("from", from?.rfc3339),
            ("to", to?.rfc3339),
        ]
        for (name, value) in filters { if let value { query.append((name, value)) } }
        return query
    }
}

/// A line of a trail: ids, words and times; never a name.
package struct AuditEntryView: View {
    /// Its number within its service.
    package let id: String
    package let service: String
    package let at: Instant
    package let action: String
    package let actor: ID<Account>?
    package let role: String?
    package let subject: String?
    package let requestID: String?
    package let address: String?
    /// The batch of the chain it is sealed in; nil in the first second of its life.
    package let batch: Int?

    package init(
        id: String, service: String, at: Instant, action: String, actor: ID<Account>?, role: String?,
        subject: String?, requestID: String?, address: String?, batch: Int?
    ) {
        self.id = id
        self.service = service
        self.at = at
        self.action = action
        self.actor = actor
        self.role = role
        self.subject = subject
        self.requestID = requestID
        self.address = address
        self.batch = batch
    }

    /// As another service wrote it; nil for anything else.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let service = json["service"]?.string,
            let at = json["at"]?.string.flatMap({ Instant(rfc3339: $0) }), let action = json["action"]?.string
        else { return nil }
        self.init(
            id: id, service: service, at: at, action: action,
            actor: json["actor_id"]?.string.flatMap { ID<Account>($0) }, role: json["actor_role"]?.string,
            subject: json["subject"]?.string, requestID: json["request_id"]?.string,
            address: json["address"]?.string, batch: json["batch"]?.integer.flatMap { Int(exactly: $0) })
    }

    package static let shape = Shape<AuditEntryView>(
        "AuditEntry", .text("id") { $0.id }, .text("service") { $0.service }, .instant("at") { $0.at },
        .text("action") { $0.action }, .maybeID("actor_id") { $0.actor }, .maybe("actor_role") { $0.role },
        .maybe("subject") { $0.subject }, .maybe("request_id") { $0.requestID }, .maybe("address") { $0.address },
        .maybeInteger("batch") { $0.batch })
}

/// A part of a trail as services hand it to each other.
package struct AuditPageView: View {
    package let entries: [AuditEntryView]
    package let next: String?

    package init(_ page: Page<AuditEntryView>) { (entries, next) = (page.items, page.nextCursor) }

    package var page: Page<AuditEntryView> { Page(items: entries, total: nil, nextCursor: next) }

    /// Nil for what is no such part.
    package init?(_ json: JSONValue) {
        guard let array = json["entries"]?.array else { return nil }
        entries = array.compactMap { AuditEntryView($0) }
        next = json["next"]?.string
        guard entries.count == array.count else { return nil }
    }

    package static let shape = Shape<AuditPageView>(
        "AuditPage", .views("entries") { $0.entries }, .maybe("next") { $0.next })
}
