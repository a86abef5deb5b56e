import Forms
package import Kernel

/// A webhook as its owner sees it; its secret is shown when it is made, and not again.
package struct WebhookView: View, Equatable {
    package let id: ID<Hook>
    package let url: String
    package let events: [String]
    package let isActive: Bool
    package let failingSince: Instant?
    package let disabledAt: Instant?
    package let disabledReason: String?
    package let oldSecretUntil: Instant?
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Hook>, url: String, events: [String], isActive: Bool, failingSince: Instant?, disabledAt: Instant?,
        disabledReason: String?, oldSecretUntil: Instant?, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.url = url
        self.events = events
        self.isActive = isActive
        self.failingSince = failingSince
        self.disabledAt = disabledAt
        self.disabledReason = disabledReason
        self.oldSecretUntil = oldSecretUntil
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<WebhookView>(
        "Webhook", .id("id") { $0.id }, .text("url") { $0.url }, .texts("events") { $0.events },
        .boolean("is_active") { $0.isActive }, .maybeInstant("failing_since") { $0.failingSince },
        .maybeInstant("disabled_at") { $0.disabledAt },
        .maybe("disabled_reason", .string(oneOf: ["owner", "failing", "gone", "account"])) { $0.disabledReason },
        .maybeInstant("old_secret_until") { $0.oldSecretUntil }, .instant("created_at") { $0.createdAt },
        .instant("updated_at") { $0.updatedAt })
}

/// A webhook with the secret that signs its deliveries.
package struct WebhookSecretView: View {
    package let webhook: WebhookView
    /// `whsec_…`; nil in the answer to a repeated request.
    package let secret: Secret?

    package init(_ webhook: WebhookView, secret: Secret?) {
        self.webhook = webhook
        self.secret = secret
    }

    package static let shape = Shape<WebhookSecretView>(
        "WebhookWithSecret", WebhookView.shape.of { $0.webhook }, .maybe("secret") { $0.secret?.expose() })
}

/// The delivery that a `ping` goes by.
package struct WebhookTestView: View {
    package let delivery: ID<HookDelivery>

    package init(delivery: ID<HookDelivery>) { self.delivery = delivery }

    package static let shape = Shape<WebhookTestView>("WebhookTest", .id("delivery_id") { $0.delivery })
}

/// How many events are posted again.
package struct WebhookReplayView: View {
    package let replayed: Int

    package init(replayed: Int) { self.replayed = replayed }

    package static let shape = Shape<WebhookReplayView>("WebhookReplay", .integer("replayed") { $0.replayed })
}

/// One event on its way to one webhook; `id` is its `webhook-id`. What was answered is kept by its status alone.
package struct WebhookDeliveryView: View {
    package let id: ID<HookDelivery>
    package let hook: ID<Hook>
    package let event: ID<EventRecord>
    package let type: String
    package let state: WebhookDeliveryState
    package let isTest: Bool
    package let attempts: Int
    /// Of the latest try.
    package let status: Int?
    package let milliseconds: Int?
    /// A code of ours.
    package let error: String?
    package let createdAt: Instant
    package let lastAttempt: Instant?
    /// Null when it is over.
    package let nextAttempt: Instant?
    package let settled: Instant?

    package init(
        id: ID<HookDelivery>, hook: ID<Hook>, event: ID<EventRecord>, type: String, state: WebhookDeliveryState,
        isTest: Bool, attempts: Int, status: Int?, milliseconds: Int?, error: String?, createdAt: Instant,
        lastAttempt: Instant?, nextAttempt: Instant?, settled: Instant?
    ) {
        self.id = id
        self.hook = hook
        self.event = event
        self.type = type
        self.state = state
        self.isTest = isTest
        self.attempts = attempts
        self.status = status
        self.milliseconds = milliseconds
        self.error = error
        self.createdAt = createdAt
        self.lastAttempt = lastAttempt
        self.nextAttempt = nextAttempt
        self.settled = settled
    }

    package static let shape = Shape<WebhookDeliveryView>(
        "WebhookDelivery", .id("id") { $0.id }, .id("webhook_id") { $0.hook }, .id("event_id") { $0.event },
        .text("type") { $0.type },
        .choice("state", WebhookDeliveryState.allCases.map(\.rawValue)) { $0.state.rawValue },
        .boolean("is_test") { $0.isTest }, .integer("attempts") { $0.attempts },
        .maybeInteger("status") { $0.status }, .maybeInteger("milliseconds") { $0.milliseconds },
        .maybe("error") { $0.error }, .instant("created_at") { $0.createdAt },
        .maybeInstant("last_attempt_at") { $0.lastAttempt }, .maybeInstant("next_attempt_at") { $0.nextAttempt },
        .maybeInstant("settled_at") { $0.settled })
}
