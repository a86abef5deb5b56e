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
            has no closer one. *Inbox*, *mail* and *text* are who is told by notifier, unless they chose otherwise; a text goes to those alone who
            chose one, but for codes. *Stream* is on whose live streams it is told, also whoever did it; *hook* is whose webhooks get it, administrators'
            those of all hospitals. Beside these, `webhook.failing` and `webhook.disabled` reach the owner of a webhook by stream, inbox and mail.
            Written by `make docs` from `Shared/Events` and `Services/notifier/Reactions`.

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
        text += "| Event | What happened | Outside | Stream | Inbox | Mail | Text | Hook | Audit | Data |\n"
        text += "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        for event in source.events {
            let data = String(decoding: event.sample.data.bytes, as: UTF8.self)
            let words = [event.outsideName, event.auditAction].map { $0.map { "`\($0)`" } ?? "–" }
            let told = ToldPeople(of: event)
            text += "| `\(event.name)` | \(event.meaning) | \(words[0]) "
            text += "| \(told.stream) | \(told.inbox) | \(told.mail) | \(told.text) | \(told.hook) "
            text += "| \(words[1]) | `\(data)` |\n"
        }
        return text
    }
}
