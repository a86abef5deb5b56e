// Events: the facts services tell each other, in the past tense, defined once and named by hand. They carry ids and kinds,
// never a name, a number or a diagnosis; whoever needs more asks the owner. How they travel is Messaging's.

package import Forms
package import JSON
package import Kernel

/// A fact of one service. Each service has one enum of them, so that a `switch` asks every listener about a new one.
package protocol Event: Sendable {
    /// The service that tells it: its name is the stream's.
    static var source: String { get }
    /// The name on the wire, with its version (`identity.account_registered.v1`): it never changes its meaning.
    var name: String { get }
    /// The id of what the fact is about; facts of one subject arrive in the order they were committed.
    var subject: String { get }
    /// What the fact carries beside its subject.
    var data: JSONValue { get }
    /// Reads it back; nil for a name this version does not know.
    init?(name: String, data: Source) throws(Problem)
}

/// An event on its way, with the field names of CloudEvents 1.0.
package struct EventEnvelope: Sendable, Equatable {
    /// Unique and ordered by time: consumers remember it, so that twice delivered is once done.
    package let id: ID<EventRecord>
    package let source: String
    package let type: String
    package let subject: String
    package let time: Instant
    /// W3C trace context of the request that caused it.
    package let traceparent: String?
    package let data: JSONValue

    package init(
        id: ID<EventRecord>, source: String, type: String, subject: String, time: Instant, traceparent: String?,
        data: JSONValue
    ) {
        (self.id, self.source, self.type, self.subject) = (id, source, type, subject)
        (self.time, self.traceparent, self.data) = (time, traceparent, data)
    }

    /// The envelope of an event that just happened.
    package init<Fact: Event>(_ event: Fact, id: ID<EventRecord>, at time: Instant, traceparent: String?) {
        self.init(
            id: id, source: Fact.source, type: event.name, subject: event.subject, time: time,
            traceparent: traceparent, data: event.data)
    }

    /// The event inside, if it is one of these and this version knows it.
    package func event<Fact: Event>(_: Fact.Type = Fact.self) throws(Problem) -> Fact? {
        guard source == Fact.source else { return nil }
        return try Fact(name: type, data: Source(body: data))
    }

    /// The JSON that stands in the stream.
    package var json: JSONValue {
        .object([
            JSONMember(key: "specversion", value: "1.0"),
            JSONMember(key: "id", value: .string(id.description)),
            JSONMember(key: "source", value: .string(source)),
            JSONMember(key: "type", value: .string(type)),
            JSONMember(key: "subject", value: .string(subject)),
            JSONMember(key: "time", value: .string(time.rfc3339)),
            JSONMember(key: "traceparent", value: traceparent.map { .string($0) } ?? .null),
            JSONMember(key: "data", value: data),
        ])
    }

    private static let form = Form(
        .id("id", of: EventRecord.self), .text("source", 1...40), .text("type", 1...120), .text("subject", 1...80),
        .instant("time"), .optional(.text("traceparent", 1...120)))

    /// Reads what stands in a stream; a malformed entry is a problem, for the dead letters.
    package init(json: JSONValue) throws(Problem) {
        let (id, source, type, subject, time, traceparent) = try Self.form.read(Source(body: json))
        self.init(
            id: id, source: source, type: type, subject: subject, time: time, traceparent: traceparent,
            data: json["data"] ?? .null)
    }
}
