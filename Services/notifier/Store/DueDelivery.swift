package import Kernel
package import NotifierDomain
import Postgres

/// A delivery that is being tried.
package struct DueDelivery: Sendable, Equatable {
    package let id: ID<Delivery>
    /// Nil for a kind this version does not know.
    package let kind: MessageKind?
    package let channel: MessageChannel
    package let recipient: ID<Account>
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

    static let columns: SQL =
        """
        delivery_id, kind, account_id, attempts, attempts - retried_after, message_id, traceparent, created_at,
        coalesce(occurred_at, created_at), retried_at, last_error
        """

    init(_ row: Row, _ channel: MessageChannel) throws {
        self.channel = channel
        (id, kind, recipient) = (try row.id(0), MessageKind(rawValue: try row.text(1)), try row.id(2))
        (attempt, tries, messageID) = (try row.integer(3), try row.integer(4), try row.text(5))
        (traceparent, created) = (try row.optionalText(6), try row.instant(7))
        (occurred, retried, lastError) = (try row.instant(8), try row.optionalInstant(9), try row.optionalText(10))
    }

    /// Where its life begins.
    package var begin: Instant { retried ?? (kind?.isPerishable == true ? occurred : created) }
}
