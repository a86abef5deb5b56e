package import JSON
package import Kernel

/// An event as it leaves Praxis, on streams and to webhooks: under the name that clients have for it, with ids, states
/// and times. Who has which account stays inside.
package struct OutsideEvent: Sendable, Equatable {
    package let id: ID<EventRecord>
    /// The outside name: `appointment.confirmed`.
    package let type: String
    package let time: Instant
    package let subject: String
    package let data: JSONValue

    /// - Parameter type: the event's outside name.
    package init(_ envelope: EventEnvelope, type: String) {
        id = envelope.id
        self.type = type
        time = envelope.time
        subject = envelope.subject
        data = envelope.outsideData
    }

    /// What no service told of itself: notifier's own.
    package init(id: ID<EventRecord>, type: String, time: Instant, subject: String, data: JSONValue) {
        self.id = id
        self.type = type
        self.time = time
        self.subject = subject
        self.data = data
    }

    /// What a client of a stream is sent: one line.
    package var json: JSONValue {
        .object([
            JSONMember(key: "id", value: .string(id.description)),
            JSONMember(key: "type", value: .string(type)),
            JSONMember(key: "time", value: .string(time.rfc3339)),
            JSONMember(key: "subject", value: .string(subject)),
            JSONMember(key: "data", value: data),
        ])
    }
}
