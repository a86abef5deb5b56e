package import Forms
package import JSON
package import Kernel

/// How a service that keeps a copy of what an event tells gets it before whoever caused it is answered; the stream
/// brings it again, and then nothing is left to do (docs/adr/0038).
package enum EventsAPI {
    /// The services that keep such copies.
    package static let keepers: [ServiceName] = [.registry, .identity]

    /// Whose events a keeper is handed: each keeps copies of the other's.
    package static func teller(for keeper: ServiceName) -> ServiceName { keeper == .registry ? .identity : .registry }

    package static func take(by keeper: ServiceName) -> Endpoint<HandedEvent, Done> {
        Endpoint(
            .post, "/internal/events", "\(keeper.rawValue)TakeEvent", of: keeper,
            for: .services([teller(for: keeper)]),
            takes: HandedEvent.self, gives: Done.self, says: "Event handled.",
            summary: "An event that changes a copy kept here, before its stream brings it.", tag: "Internal",
            refuses: [.validationFailed, .serviceUnavailable], rate: .unlimited)
    }

    package static let declarations: [Declaration] = keepers.map { take(by: $0).declaration }
}

/// An event in its envelope, as it stands in the stream.
package struct HandedEvent: Input {
    package let envelope: JSONValue

    private static let form = Form(
        .id("id", of: EventRecord.self), .text("source", 1...40), .text("type", 1...120), .text("subject", 1...80),
        .instant("time"))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        [
            "id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90", "source": "identity", "type": "identity.email_verified.v1",
            "subject": "0190a5e4-0000-7000-8000-000000000001", "time": "2026-01-15T10:30:00Z",
            "data": ["account_id": "0190a5e4-0000-7000-8000-000000000001", "role": "patient"],
        ]
    }

    package init(_ source: Source) throws(Problem) {
        _ = try Self.form.read(source)
        envelope = source.body ?? .null
    }
}
