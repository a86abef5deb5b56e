package import Kernel

/// A message for one account's inbox: ids and kinds, nothing else.
package struct PlannedInboxMessage: Sendable, Equatable {
    package let kind: InboxKind
    package let recipient: ID<Account>
    /// The id of what it is about, of the kind's subject.
    package let subject: ID<MessageSubject>?
    /// When what it is about begins.
    package let starts: Instant?

    package init(
        _ kind: InboxKind, to recipient: ID<Account>, about subject: ID<MessageSubject>?, starts: Instant? = nil
    ) {
        self.kind = kind
        self.recipient = recipient
        self.subject = subject
        self.starts = starts
    }
}
