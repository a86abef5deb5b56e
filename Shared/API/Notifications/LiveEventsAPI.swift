package import Forms
package import JSON
package import Kernel

/// Events to browsers, as they happen (Server-Sent Events).
package enum LiveEventsAPI {
    static let declarations: [Declaration] = [stream.declaration, ticket.declaration]

    package static let stream = Endpoint(
        .get, "/api/events", "streamEvents", of: .notifier, for: .ticketHolders, takes: OpenStream.self,
        gives: EventStream<LiveEventView>.self, says: "Stream opened.",
        summary: "What concerns the caller, as it happens; beside the events there are ready, reset and bye",
        tag: "Notifications", refuses: [.serviceUnavailable], rate: .streams, within: .unlimited)

    package static let ticket = Endpoint(
        .post, "/api/events/ticket", "makeStreamTicket", of: .notifier, for: .authenticated,
        gives: Item<StreamTicketView>.self, says: "Ticket made successfully.",
        summary: "For EventSource, which sends no header: opens one stream at a time, while the session lives",
        tag: "Notifications")
}

/// How a stream is opened.
package struct OpenStream: Input {
    /// In place of the bearer token.
    package let ticket: String?
    /// In place of the field `Last-Event-ID`, which wins; not read any further here, for what is no number has an
    /// answer of its own.
    package let lastEventID: String?

    private static let form = Form(
        .optional(.text("ticket", 0...2_000, in: .query)), .optional(.text("last_event_id", 0...2_000, in: .query)))
    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (ticket, lastEventID) = try Self.form.read(source) }

    package init(ticket: String? = nil, lastEventID: String? = nil) {
        self.ticket = ticket
        self.lastEventID = lastEventID
    }
}

/// The data of one event of a stream. `bye` and `reset` have `reason` alone, `ready` has none.
package struct LiveEventView: View {
    package let id: ID<EventRecord>
    /// As the event is named.
    package let type: String
    package let time: Instant
    package let subject: String
    /// Ids, states and times.
    package let data: JSONValue

    package static let shape = Shape<LiveEventView>(
        "LiveEvent", .id("id") { $0.id }, .text("type") { $0.type }, .instant("time") { $0.time },
        .text("subject") { $0.subject }, ViewField("data", .object([])) { view, json in json.value(view.data) })
}

/// What opens streams for a browser.
package struct StreamTicketView: View {
    package let ticket: Secret
    /// In seconds.
    package let expiresIn: Int

    package init(ticket: Secret, expiresIn: Int) {
        self.ticket = ticket
        self.expiresIn = expiresIn
    }

    package static let shape = Shape<StreamTicketView>(
        "StreamTicket", .text("ticket") { $0.ticket.expose() }, .integer("expires_in") { $0.expiresIn })
}
