package import API
package import Kernel
package import NotifierDomain

/// What a message says beside the recipient's name and the time: asked when it is written, and kept nowhere.
package struct MessageContent: Sendable, Equatable {
    /// For the template, by their names in it.
    package let values: [String: String]
    /// Stands in the link of a mail that has one.
    package let token: String?
    /// The number a text goes to, as its owner gave it.
    package let phone: String?
    /// The address a mail goes to, where that is not the recipient's own.
    package let email: String?
    /// Goes with a mail that changes what calendars show.
    package let calendar: CalendarPartView?

    package init(
        values: [String: String] = [:], token: String? = nil, phone: String? = nil, email: String? = nil,
        calendar: CalendarPartView? = nil
    ) {
        self.values = values
        self.token = token
        self.phone = phone
        self.email = email
        self.calendar = calendar
    }
}

/// The answer of the service that owns what a message is about.
package enum ContentAnswer: Sendable, Equatable {
    case content(MessageContent)
    /// Nothing must be sent any more; the code says why.
    case notWanted(code: String)
}

/// A service that is asked what its messages say. `MessageKind.contentOwner` says which one a kind asks.
package protocol ContentSource: Sendable {
    /// Throws `Problem.notFound` for a recipient or subject nobody knows (any more).
    /// - Parameters:
    ///   - subject: what the message is about, where that is not the recipient.
    ///   - start: when the subject begins, by the event that the message follows from.
    func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer
}

/// The source of each owner.
package struct ContentSources: Sendable {
    private let identity: any ContentSource
    private let registry: any ContentSource
    private let scheduling: any ContentSource
    private let records: any ContentSource

    package init(
        identity: any ContentSource, registry: any ContentSource, scheduling: any ContentSource,
        records: any ContentSource
    ) {
        self.identity = identity
        self.registry = registry
        self.scheduling = scheduling
        self.records = records
    }

    func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer {
        let source: any ContentSource
        switch kind.contentOwner {
        case nil: return .content(MessageContent())
        case .identity: source = identity
        case .registry: source = registry
        case .scheduling: source = scheduling
        case .records: source = records
        }
        return try await source.content(of: kind, for: recipient, about: subject, at: start)
    }
}
