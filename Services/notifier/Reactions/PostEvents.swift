import Events
import JSON
package import Kernel
import Postgres

/// Has events posted to the hooks that asked for them, and shuts the hooks of accounts that are let in no more.
package struct PostEvents: Sendable {
    private let store: HookEventStore
    private let clock: any WallClock

    package init(store: HookEventStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Whether an event of that name may change something.
    static func hears(_ type: String) -> Bool {
        HookAnswer.byName[type].map { $0.silence == nil } ?? false || standing.contains(type)
    }

    /// The transaction speaks as the service.
    func react(_ envelope: EventEnvelope, in tx: Transaction) async throws {
        if let owner = try Self.shutOut(by: envelope) { try await store.shut(owner, at: clock.now, in: tx) }
        if let owner = try Self.letIn(by: envelope) { try await store.reopen(owner, in: tx) }
        guard let answer = HookAnswer.byName[envelope.type], let name = answer.event.outsideName,
            let audience = try answer.audience(envelope)
        else { return }
        try await store.insert(PostedEvent(envelope, name: name), for: audience, at: clock.now, in: tx)
    }

    private static let standing: Set<String> = [
        Event.accountDeactivated.name, Event.hospitalRejected.name, Event.hospitalDeleted.name,
        Event.accountActivated.name, Event.hospitalApproved.name,
    ]

    private static func letIn(by envelope: EventEnvelope) throws -> ID<Account>? {
        try envelope.fact(of: Event.accountActivated)?.account ?? envelope.fact(of: Event.hospitalApproved)?.account
    }

    private static func shutOut(by envelope: EventEnvelope) throws -> ID<Account>? {
        try envelope.fact(of: Event.accountDeactivated)?.account ?? envelope.fact(of: Event.hospitalRejected)?.account
            ?? envelope.fact(of: Event.hospitalDeleted)?.account
    }
}

extension PostedEvent {
    /// `{type, timestamp, data}`, as Standard Webhooks has it.
    init(_ envelope: EventEnvelope, name: String) {
        self.init(id: envelope.id, type: name, at: envelope.time, data: envelope.outsideData)
    }

    init(id: ID<EventRecord>, type: String, at time: Instant, data: JSONValue) {
        let json = JSONValue.object([
            JSONMember(key: "type", value: .string(type)),
            JSONMember(key: "timestamp", value: .string(time.rfc3339)),
            JSONMember(key: "data", value: data),
        ])
        self.init(id: id, type: type, body: String(decoding: json.bytes, as: UTF8.self))
    }
}
