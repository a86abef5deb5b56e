package import Kernel

/// One message to one person over one channel: ids and kinds, nothing else.
package struct PlannedDelivery: Sendable, Equatable {
    package let kind: MessageKind
    package let channel: MessageChannel
    package let recipient: ID<Account>

    package static func mail(_ kind: MessageKind, to recipient: ID<Account>) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .email, recipient: recipient)
    }

    package static func text(_ kind: MessageKind, to recipient: ID<Account>) -> PlannedDelivery {
        PlannedDelivery(kind: kind, channel: .sms, recipient: recipient)
    }
}
