package import Forms
package import Kernel

/// How far a message is.
package enum DeliveryState: String, Sendable, CaseIterable {
    /// It will be tried, or is being tried.
    case waiting
    /// A provider has taken it over.
    case sent
    /// It was refused for good.
    case failed
    /// It was given up after its last try.
    case dead
}

/// How a message travels.
package enum DeliveryChannel: String, Sendable, CaseIterable {
    case email, sms
}

/// Which messages an administrator wants listed.
package struct ListDeliveries: Input {
    package let page: PageRequest
    package let state: DeliveryState?
    package let kind: String?
    package let channel: DeliveryChannel?

    private static let form = Form(
        .page, .optional(.choice("state", in: .query) as Field<DeliveryState>),
        .optional(.text("kind", 1...50, in: .query).described("As `welcome`, `verification` or `phone_code`.")),
        .optional(.choice("channel", in: .query) as Field<DeliveryChannel>))

    package static var properties: [Schema.Property] { form.properties }

    package init(page: PageRequest, state: DeliveryState? = nil, kind: String? = nil, channel: DeliveryChannel? = nil) {
        self.page = page
        self.state = state
        self.kind = kind
        self.channel = channel
    }

    package init(_ source: Source) throws(Problem) { (page, state, kind, channel) = try Self.form.read(source) }
}

/// One message to one person over one channel.
package struct DeliveryView: View {
    package let id: ID<Delivery>
    package let kind: String
    package let channel: String
    package let account: ID<Account>
    package let state: DeliveryState
    package let attempts: Int
    /// A code of ours, or the provider's number.
    package let lastError: String?
    package let created: Instant
    package let lastAttempt: Instant?
    /// Null when it is over.
    package let nextAttempt: Instant?
    package let settled: Instant?
    package let retried: Instant?

    package init(
        id: ID<Delivery>, kind: String, channel: String, account: ID<Account>, state: DeliveryState, attempts: Int,
        lastError: String?, created: Instant, lastAttempt: Instant?, nextAttempt: Instant?, settled: Instant?,
        retried: Instant?
    ) {
        self.id = id
        self.kind = kind
        self.channel = channel
        self.account = account
        self.state = state
        self.attempts = attempts
        self.lastError = lastError
        self.created = created
        self.lastAttempt = lastAttempt
        self.nextAttempt = nextAttempt
        self.settled = settled
        self.retried = retried
    }

    package static let shape = Shape<DeliveryView>(
        "Delivery", .id("id") { $0.id }, .text("kind") { $0.kind }, .text("channel") { $0.channel },
        .id("account_id") { $0.account },
        .choice("state", DeliveryState.allCases.map(\.rawValue)) { $0.state.rawValue },
        .integer("attempts") { $0.attempts }, .maybe("last_error") { $0.lastError },
        .instant("created_at") { $0.created }, .maybeInstant("last_attempt_at") { $0.lastAttempt },
        .maybeInstant("next_attempt_at") { $0.nextAttempt }, .maybeInstant("settled_at") { $0.settled },
        .maybeInstant("retried_at") { $0.retried })
}
