package import Forms
package import Kernel

/// The declaration of one event: names, audit word, meaning; its data is described by its shape.
package struct EventType<Fact: Sendable>: Sendable {
    /// The service that publishes it: the name up to its first dot.
    package let source: String
    /// `<source>.<what happened>.v<version>`. A name never changes its meaning; another shape is another version.
    package let name: String
    /// Its name for clients (live events, inbox, webhooks); nil when only services receive it.
    package let outsideName: String?
    /// The services that keep a copy of what it tells: they are handed it before whoever caused it is answered, so that
    /// their next answer knows it (docs/adr/0038).
    package let copiedBy: [String]
    /// The audit trail's word for it, where it leaves an entry of its own.
    package let auditAction: String?
    /// One sentence for the documents.
    package let meaning: String
    package let shape: EventShape<Fact>

    init(
        _ name: String, outside: String? = nil, _ shape: EventShape<Fact>, audit: String? = nil,
        copiedBy: [String] = [], means meaning: String
    ) {
        source = name.prefix { $0 != "." }.description
        self.name = name
        outsideName = outside
        auditAction = audit
        self.copiedBy = copiedBy
        self.meaning = meaning
        self.shape = shape
    }

    /// The event with its data.
    package func callAsFunction(_ fact: Fact) -> Event { Event(self, fact) }
}

/// What all event types have in common, whatever their data.
package protocol EventDeclaration: Sendable {
    var source: String { get }
    var name: String { get }
    var outsideName: String? { get }
    var auditAction: String? { get }
    var copiedBy: [String] { get }
    var meaning: String { get }
    /// The keys of its data, as JSON Schema.
    var properties: [Schema.Property] { get }
    /// An example for documents and tests.
    var sample: Event { get }
    /// The event in the envelope, read and written again; nil when the envelope holds another one.
    func event(in envelope: EventEnvelope) throws(Problem) -> Event?
}

extension EventType: EventDeclaration {
    package var properties: [Schema.Property] { shape.properties }
    package var sample: Event { Event(self, shape.sample) }

    package func event(in envelope: EventEnvelope) throws(Problem) -> Event? {
        try envelope.fact(of: self).map { Event(self, $0) }
    }
}
