package import Kernel

/// What a message is about, where that is not its recipient: an id of the service that is asked what it says.
package enum MessageSubject {}

/// One message to one person: ids and kinds, nothing else.
package struct PlannedDelivery: Sendable, Equatable {
    package let kind: MessageKind
    /// The channels it may go by; which of them, and which first, its recipient's preferences say.
    package let channels: [MessageChannel]
    package let recipient: ID<Account>
    package var subject: ID<MessageSubject>?
    /// When the visit or time it is about begins, by its event: a message about a start that was moved away from is
    /// not written.
    package var start: Instant?

    package static func mail(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil,
        at start: Instant? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channels: [.email], recipient: recipient, subject: subject, start: start)
    }

    package static func text(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channels: [.sms], recipient: recipient, subject: subject)
    }

    /// A mail, or a text for those who chose one.
    package static func mailOrText(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil,
        at start: Instant? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channels: [.email, .sms], recipient: recipient, subject: subject, start: start)
    }
}
