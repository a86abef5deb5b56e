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
            number or a diagnosis. A name with its version never changes its meaning. Written by `make docs`.

            An envelope as it stands in the stream:

            ```json
            \(envelope)
            ```


            """
        text += section("identity", EventSamples.identity)
        text += "\n" + section("registry", EventSamples.registry)
        return text
    }

    private static var envelope: String {
        guard let first = EventSamples.registry.first else { return "" }
        let envelope = EventEnvelope(
            first.fact, id: ID(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0009),
            at: Instant(seconds: 1_760_000_000), traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        return PrettyJSON.text(envelope.json)
    }

    private static func section<Fact: Event>(_ source: String, _ samples: [EventSamples.Sample<Fact>]) -> String {
        var text = "## \(source)\n\n| Event | What happened | Data |\n| --- | --- | --- |\n"
        for sample in samples {
            let data = String(decoding: sample.fact.data.bytes, as: UTF8.self)
            text += "| `\(sample.fact.name)` | \(sample.meaning) | `\(data)` |\n"
        }
        return text
    }
}
