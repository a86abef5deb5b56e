package import Kernel

/// One message to one person over one channel: ids and kinds, nothing else.
package struct PlannedDelivery: Sendable, Equatable {
    package let kind: MessageKind
    package let channel: MessageChannel
    package let recipient: ID<Account>

    package init(_ kind: MessageKind, by channel: MessageChannel, to recipient: ID<Account>) {
        (self.kind, self.channel, self.recipient) = (kind, channel, recipient)
    }
}

/// Which messages follow from what happened.
package enum DeliveryPlan {
    package enum Occasion: Sendable, Equatable {
        /// By somebody whose email is not proven.
        case accountRegistered(ID<Account>)
        case verificationRequested(ID<Account>)
        case emailVerified(ID<Account>)
        case reviewAsked(of: ID<Account>)
        case providerVerified(ID<Account>)
        case providerRejected(ID<Account>)
        case phoneCodeRequested(ID<Account>)
        case passwordResetRequested(ID<Account>)
        case passwordChanged(ID<Account>)
        case newDeviceSeen(ID<Account>)
        case secondFactorEnabled(ID<Account>)
        case secondFactorDisabled(ID<Account>)
    }

    package static func deliveries(on occasion: Occasion) -> [PlannedDelivery] {
        switch occasion {
        case .accountRegistered(let account), .emailVerified(let account):
            [PlannedDelivery(.welcome, by: .email, to: account)]
        case .verificationRequested(let account): [PlannedDelivery(.verification, by: .email, to: account)]
        case .reviewAsked(let reviewer): [PlannedDelivery(.providerReview, by: .email, to: reviewer)]
        case .providerVerified(let account): [PlannedDelivery(.providerVerified, by: .email, to: account)]
        case .providerRejected(let account): [PlannedDelivery(.providerRejected, by: .email, to: account)]
        case .phoneCodeRequested(let account): [PlannedDelivery(.phoneCode, by: .sms, to: account)]
        case .passwordResetRequested(let account): [PlannedDelivery(.passwordReset, by: .email, to: account)]
        case .passwordChanged(let account): [PlannedDelivery(.passwordChanged, by: .email, to: account)]
        case .newDeviceSeen(let account): [PlannedDelivery(.newDevice, by: .email, to: account)]
        case .secondFactorEnabled(let account): [PlannedDelivery(.secondFactorEnabled, by: .email, to: account)]
        case .secondFactorDisabled(let account): [PlannedDelivery(.secondFactorDisabled, by: .email, to: account)]
        }
    }
}
