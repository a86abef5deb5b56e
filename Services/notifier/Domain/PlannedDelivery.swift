package import Kernel

/// What a message is about, where that is not its recipient: an id of the service that is asked what it says.
package enum MessageSubject {}

/// One message to one person over one channel: ids and kinds, nothing else.
package struct PlannedDelivery: Sendable, Equatable {
    package let kind: MessageKind
    package let channel: MessageChannel
    package let recipient: ID<Account>
    package var subject: ID<MessageSubject>?
    /// When the visit or time it is about begins, by its event: a message about a start that was moved away from is
    /// not written.
    package var start: Instant?

    package static func mail(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil,
        at start: Instant? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .email, recipient: recipient, subject: subject, start: start)
    }

    package static func text(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .sms, recipient: recipient, subject: subject)
    }
}
