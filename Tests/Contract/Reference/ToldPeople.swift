import Events
import JSON
import Kernel
import Notifier
import NotifierDomain

/// Whom notifier tells of an event, by the names that the event's own data gives them.
struct ToldPeople {
    let stream: String
    let inbox: String
    let mail: String
    let text: String
    let hook: String

    init(of event: any EventDeclaration) {
        let envelope = Self.envelope(of: event.sample)
        let answer = EventAnswer.all.first { $0.event.name == event.name }
        let planned = (try? answer?.plan(envelope)) ?? []
        let messages = (try? InboxAnswer.all.first { $0.event.name == event.name }?.plan(envelope)) ?? []
        func names(_ recipients: [ID<Account>], _ others: [String] = []) -> String {
            let names = recipients.map { Self.name(of: $0, in: event.sample) } + others
            return names.isEmpty ? "–" : Set(names).sorted().joined(separator: ", ")
        }
        let hearers = (try? LiveAnswer.all.first { $0.event.name == event.name }?.hearers(envelope)) ?? LiveHearers()
        stream = names(
            Array(hearers.accounts),
            (hearers.hospital == nil ? [] : ["hospital"]) + (hearers.administrators ? ["administrators"] : []))
        let audience = (try? HookAnswer.all.first { $0.event.name == event.name }?.audience(envelope)) ?? nil
        hook = names([], audience.map { ["administrators"] + ($0.hospital == nil ? [] : ["hospital"]) } ?? [])
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
