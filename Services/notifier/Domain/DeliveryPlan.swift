// NotifierDomain: what is told to whom, in which words, and how often it is tried. Functions of values: time and chance
// come in as arguments. How a message is brought is the service's.

package import Kernel

/// What a message is about. The raw value stands in the database and names the templates; no kind names an illness.
package enum MessageKind: String, Sendable, CaseIterable {
    case welcome
    /// A link that proves the recipient's email.
    case verification
    /// To an administrator: a provider waits to be verified.
    case providerReview = "provider_review"
    /// An administrator's decision about the recipient; why stands in their entry, not in a mail.
    case providerVerified = "provider_verified"
    case providerRejected = "provider_rejected"

    /// What stands above the message, for anyone who looks over a shoulder.
    package var subject: String {
        switch self {
        case .welcome: "Welcome to Praxis"
        case .verification: "Confirm your email address"
        case .providerReview: "A provider waits for verification"
        case .providerVerified: "You have been verified as a provider"
        case .providerRejected: "Your registration as a provider was not accepted"
        }
    }
}

/// The ways to reach somebody.
package enum MessageChannel: String, Sendable, CaseIterable {
    case email
}

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
    }

    package static func deliveries(on occasion: Occasion) -> [PlannedDelivery] {
        switch occasion {
        case .accountRegistered(let account), .emailVerified(let account):
            [PlannedDelivery(.welcome, by: .email, to: account)]
        case .verificationRequested(let account): [PlannedDelivery(.verification, by: .email, to: account)]
        case .reviewAsked(let reviewer): [PlannedDelivery(.providerReview, by: .email, to: reviewer)]
        case .providerVerified(let account): [PlannedDelivery(.providerVerified, by: .email, to: account)]
        case .providerRejected(let account): [PlannedDelivery(.providerRejected, by: .email, to: account)]
        }
    }
}
