import Forms
package import JSON
package import Kernel

/// An event on its way, with the field names of CloudEvents 1.0.
package struct EventEnvelope: Sendable, Equatable {
    /// Unique and ordered by time: consumers remember it, so that an event delivered twice takes effect once.
    package let id: ID<EventRecord>
    package let source: String
    package let type: String
    package let subject: String
    package let time: Instant
    /// W3C trace context of the request that caused it.
    package let traceparent: String?
    package let data: JSONValue

    /// The envelope of an event that just happened.
    package init(_ event: Event, id: ID<EventRecord>, at time: Instant, traceparent: String?) {
        self.id = id
        source = event.source
        type = event.name
        subject = event.subject
        self.time = time
        self.traceparent = traceparent
        data = event.data
    }

    private static let form = Form(
        .id("id", of: EventRecord.self), .text("source", 1...40), .text("type", 1...120), .text("subject", 1...80),
        .instant("time"), .optional(.text("traceparent", 1...120)))

    /// Reads an entry of a stream; a malformed one is a problem, for the dead letters.
    package init(json: JSONValue) throws(Problem) {
        (id, source, type, subject, time, traceparent) = try Self.form.read(Source(body: json))
        data = json["data"] ?? .null
    }

    /// The type of an event of `source` in the bytes of a stream's entry, read without the rest. Nil for another
    /// source's, and where the members do not stand in the order in which `json` writes them.
    package static func type(in bytes: [UInt8], from source: String) -> String? {
        var members = JSONOrderedMembers(bytes)
        guard members.place("specversion") != nil, members.place("id") != nil, members.text("source") == source
        else { return nil }
        return members.text("type")
    }

    /// Its data, if it is of this type: nil for any other, also for one that this version does not know. Data
    /// that does not fit the type's shape is a problem.
    package func fact<Fact>(of event: EventType<Fact>) throws(Problem) -> Fact? {
        guard type == event.name, source == event.source else { return nil }
        return try event.shape.read(Source(body: data))
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
}
