package import Kernel
package import NotifierDomain
import Postgres

/// A delivery that is being tried.
package struct DueDelivery: Sendable, Equatable {
    package let id: ID<Delivery>
    private let kindName: String
    package let channel: MessageChannel
    package let recipient: ID<Account>
    package let subject: ID<MessageSubject>?
    /// When the visit or time it is about begins, by its event.
    package let start: Instant?
    /// Counted over the delivery's whole life: it says whose try a result belongs to.
    package let attempt: Int
    /// Counted since an operator sent it again: waits grow with it.
    package let tries: Int
    package let messageID: String
    package let traceparent: String?
    package let created: Instant
    /// When what it is about happened.
    package let occurred: Instant
    package let retried: Instant?
    /// How the try before ended.
    package let lastError: String?
    /// The channels to be tried, in their order, when this one fails for good.
    package let nextChannels: [MessageChannel]

    static let row = Projection(
        Column<ID<Delivery>>("delivery_id"), Column<String>("kind"), Column<MessageChannel>("channel"),
        Column<ID<Account>>("account_id"), Column<ID<MessageSubject>?>("subject_id"), Column<Instant?>("starts"),
        Column<Int>("attempts"),
        Column<Int>("attempts - retried_after"),
        Column<String>("message_id"), Column<String?>("traceparent"), Column<Instant>("created_at"),
        Column<Instant>("coalesce(occurred_at, created_at)"), Column<Instant?>("retried_at"),
        Column<String?>("last_error"), Column<[MessageChannel]>("next_channels"), make: DueDelivery.init)

    /// Nil for a kind this version does not know.
    package var kind: MessageKind? { MessageKind(rawValue: kindName) }

    /// The try before was put off to the end of quiet hours.
    package var wasHeld: Bool { lastError == Self.heldCode }

    package static let heldCode = "quiet_hours"

    /// Where its life begins.
    package var begin: Instant { retried ?? (kind?.isPerishable == true ? occurred : created) }
}

extension MessageChannel: SQLValue {}
