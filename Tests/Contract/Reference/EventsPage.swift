import Events
import JSON
import Kernel
import Notifier
import NotifierDomain

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
            chose one, but for codes. Written by `make docs` from `Shared/Events` and `Services/notifier/Reactions`.

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
        text += "| Event | What happened | Outside | Inbox | Mail | Text | Audit | Data |\n"
        text += "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        for event in source.events {
            let data = String(decoding: event.sample.data.bytes, as: UTF8.self)
            let words = [event.outsideName, event.auditAction].map { $0.map { "`\($0)`" } ?? "–" }
            let told = ToldPeople(of: event)
            text += "| `\(event.name)` | \(event.meaning) | \(words[0]) | \(told.inbox) | \(told.mail) | \(told.text) "
            text += "| \(words[1]) | `\(data)` |\n"
        }
        return text
    }
}

/// Whom notifier tells of an event, by the names that the event's own data gives them.
private struct ToldPeople {
    let inbox: String
    let mail: String
    let text: String

    init(of event: any EventDeclaration) {
        let envelope = Self.envelope(of: event.sample)
        let answer = EventAnswer.all.first { $0.event.name == event.name }
        let planned = (try? answer?.plan(envelope)) ?? []
        let messages = (try? InboxAnswer.all.first { $0.event.name == event.name }?.plan(envelope)) ?? []
        func names(_ recipients: [ID<Account>]) -> String {
            let names = recipients.map { Self.name(of: $0, in: event.sample) }
            return names.isEmpty ? "–" : Set(names).sorted().joined(separator: ", ")
        }
        inbox = names(messages.map(\.recipient))
        mail = names(planned.filter { $0.channels.contains(.email) }.map(\.recipient))
        text = names(planned.filter { $0.channels.contains(.sms) }.map(\.recipient))
    }

    /// As if nobody of those who are told had done it: whoever did is told by the answer.
    private static func envelope(of event: Event) -> EventEnvelope {
        let id = ID<EventRecord>(high: 1, low: 1)
        let whole = EventEnvelope(event, id: id, at: Instant(seconds: 1_760_000_000), traceparent: nil)
        let members = (whole.json.object ?? []).map { member in
            guard member.key == "data", let data = member.value.object else { return member }
            return JSONMember(key: "data", value: .object(data.filter { $0.key != "by_account_id" }))
        }
        return (try? EventEnvelope(json: .object(members))) ?? whole
    }

    /// `patient` of `patient_account_id`; whoever stands under no name of their own is the account itself.
    private static func name(of account: ID<Account>, in event: Event) -> String {
        let keys = (event.data.object ?? []).filter { $0.value.string == account.description }.map(\.key)
        let key = keys.first { $0.hasSuffix("_account_id") && $0 != "by_account_id" } ?? keys.first
        switch key {
        case nil, "account_id": return "account"
        case "reviewer_id": return "administrator"
        case let key?:
            return key.replacing("_account_id", with: "").replacing("_", with: " ")
        }
    }
}
