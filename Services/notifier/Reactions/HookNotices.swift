import Events
import JSON
import Kernel
import NotifierDomain
import Postgres

/// Tells a hook's owner about it, by mail, in the inbox and on streams.
package struct HookNotices: Sendable {
    private let deliveries: DeliveryStore
    private let inbox: InboxStore
    private let live: LiveStore
    /// The right side of message ids: the sender's domain.
    private let domain: String

    package init(deliveries: DeliveryStore, inbox: InboxStore, live: LiveStore, domain: String) {
        self.deliveries = deliveries
        self.inbox = inbox
        self.live = live
        self.domain = domain
    }

    enum Notice: Sendable {
        case failing, disabled

        fileprivate var mail: MessageKind { self == .failing ? .webhookFailing : .webhookDisabled }
        fileprivate var inbox: InboxKind { self == .failing ? .webhookFailing : .webhookDisabled }
    }

    /// To be called in the transaction that found it, so that the notice is written once, and as its last statement:
    /// it locks the row that numbers the owner's events.
    func tell(
        _ notice: Notice, _ owner: ID<Account>, about hook: ID<Hook>, at now: Instant, in tx: Transaction
    ) async throws {
        let event = ID<EventRecord>.make(at: now)
        let id = ID<Delivery>.make(at: now)
        try await deliveries.insert(
            .mail(notice.mail, to: owner, about: hook.retyped()), by: .email, then: [], of: event, id: id,
            messageID: "<\(id)@\(domain)>", traceparent: nil, occurred: now, at: now, in: tx)
        try await inbox.insert(
            PlannedInboxMessage(notice.inbox, to: owner, about: hook.retyped()), of: event, id: .make(at: now),
            at: now, in: tx)
        let told = OutsideEvent(
            id: event, type: notice.inbox.rawValue, time: now, subject: hook.description,
            data: ["webhook_id": .string(hook.description)])
        try await live.insert(told, for: LiveHearers([owner]), at: now, in: tx)
    }
}
