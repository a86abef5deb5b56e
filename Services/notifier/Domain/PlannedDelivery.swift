package import Kernel

/// What a message is about, where that is not its recipient: an id of the service that is asked what it says.
package enum MessageSubject {}

/// One message to one person over one channel: ids and kinds, nothing else.
package struct PlannedDelivery: Sendable, Equatable {
    package let kind: MessageKind
    package let channel: MessageChannel
    package let recipient: ID<Account>
    package var subject: ID<MessageSubject>?

    package static func mail(
        _ kind: MessageKind, to recipient: ID<Account>, about subject: ID<MessageSubject>? = nil
    ) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .email, recipient: recipient, subject: subject)
    }

    package static func text(_ kind: MessageKind, to recipient: ID<Account>) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .sms, recipient: recipient)
    }
}
