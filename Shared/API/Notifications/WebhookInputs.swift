package import Forms
package import JSON
package import Kernel

/// A webhook as it is written.
package struct WebhookBody: Input, Equatable {
    package let url: String
    /// Names of events as clients know them, or `*`; nil for all.
    package let events: [String]?
    package let isActive: Bool

    package init(url: String, events: [String]?, isActive: Bool) {
        self.url = url
        self.events = events
        self.isActive = isActive
    }

    private static let form = Form(
        .text("url", 1...2048).described("https, port 443 or from 1024 on, and no private address."),
        .optional(
            Field<[String]>.texts("events", 1...80, atMost: 100)
                .described("Names of the catalogue (docs/reference/events.md), or `*`; absent or null for all.")),
        .boolean("is_active").or(true))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "url": "https://receiver.example/praxis/events",
            "events": ["appointment.confirmed", "appointment.cancelled"],
        ]
    }

    package init(_ source: Source) throws(Problem) {
        let (url, events, isActive) = try Self.form.read(source)
        self.init(url: url, events: events, isActive: isActive)
    }

    /// The same under the keys it is read from: what a merge patch is laid over.
    package var json: JSONValue {
        .object([
            JSONMember(key: "url", value: .string(url)),
            JSONMember(key: "events", value: events.map { .array($0.map { .string($0) }) } ?? .null),
            JSONMember(key: "is_active", value: .bool(isActive)),
        ])
    }
}

/// Which of the caller's webhooks are asked for.
package struct ListWebhooks: Input {
    package let page: PageRequest

    private static let form = Form(.page)
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { page = try Self.form.read(source) }
}

/// A wish for a new secret.
package struct RotateWebhookSecret: Input {
    /// Also while the secret of before the latest rotation still signs, which then ends.
    package let force: Bool

    private static let form = Form(.boolean("force").or(false))
    package static let properties = form.properties
    package static let example: JSONValue? = ["force": false]
    package init(_ source: Source) throws(Problem) { force = try Self.form.read(source) }
}

/// Since when a webhook's missed events are wanted.
package struct ReplayWebhook: Input {
    package let since: Instant

    private static let form = Form(.instant("since"))
    package static let properties = form.properties
    package static let example: JSONValue? = ["since": "2026-11-28T08:00:00Z"]
    package init(since: Instant) { self.since = since }
    package init(_ source: Source) throws(Problem) { since = try Self.form.read(source) }
}

/// How far an event on its way to a webhook is.
package enum WebhookDeliveryState: String, Sendable, CaseIterable {
    /// It will be tried, or is being tried.
    case waiting
    /// The receiver answered with 2xx.
    case sent
    /// It was given up.
    case failed
    /// The webhook was off.
    case skipped
}

/// Which deliveries of a webhook are asked for.
package struct ListWebhookDeliveries: Input {
    package let page: PageRequest
    package let state: WebhookDeliveryState?

    private static let form = Form(
        .page, .optional(.choice("state", in: .query) as Field<WebhookDeliveryState>))
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) {
        let (page, state) = try Self.form.read(source)
        self.page = page
        self.state = state
    }
}
