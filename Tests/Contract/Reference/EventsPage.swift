import Events
import JSON
import Kernel

/// docs/reference/events.md: every event by name, meaning and the JSON it travels as.
enum EventsPage {
    static var text: String {
        var text = """
            # Events

            What services tell each other after the fact, each on the Redis stream of the service that tells it, at least once, those of
            one subject in their order. The envelope has the field names of CloudEvents 1.0. Events carry ids and kinds, never a name, a
            number or a diagnosis. A name with its version never changes its meaning. *Outside* is what clients are told it is called
            (live events, inbox, webhooks); *audit* is the audit trail's word, where the event leaves an entry of its own and the action
            has no closer one. Written by `make docs` from `Shared/Events`.

            An envelope as it stands in the stream:

            ```json
            \(envelope)
            ```

            """
        for source in EventSource.all { text += "\n" + section(source) }
        return text
    }

    private static var envelope: String {
        let envelope = EventEnvelope(
            Event.patientCreated.sample, id: ID(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0009),
            at: Instant(seconds: 1_760_000_000), traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        return PrettyJSON.text(envelope.json)
    }

    private static func section(_ source: EventSource) -> String {
        var text = "## \(source.name)\n\n"
        text += "| Event | What happened | Outside | Audit | Data |\n| --- | --- | --- | --- | --- |\n"
        for event in source.events {
            let data = String(decoding: event.sample.data.bytes, as: UTF8.self)
            let words = [event.outsideName, event.auditAction].map { $0.map { "`\($0)`" } ?? "–" }
            text += "| `\(event.name)` | \(event.meaning) | \(words[0]) | \(words[1]) | `\(data)` |\n"
        }
        return text
    }
}
