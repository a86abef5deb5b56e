import API
import Audit
import Chassis
import Crypto
import Events
import Kernel
import Lifecycle
import Messaging
import Notifier
import NotifierDomain
import Observability
import Postgres
import TestSupport
import Web

/// A receiver that answers as the test says, and remembers what it was posted.
final class GivenReceiver: HookSender {
    private let outcomes: Locked<[HookOutcome]>
    private let requests = Locked<[HookRequest]>([])

    /// After these every event is taken, or met by `rest`.
    init(_ outcomes: HookOutcome..., rest: HookOutcome = .answered(204, retryAfter: nil, milliseconds: 3)) {
        self.outcomes = Locked(outcomes)
        self.rest = rest
    }

    private let rest: HookOutcome
    var posted: [HookRequest] { requests.withLock { $0 } }

    func post(_ request: HookRequest) async -> HookOutcome {
        requests.withLock { $0.append(request) }
        return outcomes.withLock { $0.isEmpty ? rest : $0.removeFirst() }
    }
}

extension HookRequest {
    /// The value of a field.
    func field(_ name: String) -> String? {
        fields.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// Names with the addresses a test gives them.
struct GivenNames: HookNames {
    var addresses: [NetworkAddress] = []
    func addresses(of url: HookURL, for owner: ID<Account>) async -> [NetworkAddress] {
        url.address.map { [$0] } ?? addresses
    }
}

extension World {
    /// The hospital that the events' samples name, and another one.
    static let hospital = Caller(
        account: .init(high: 5, low: 1), role: .hospital,
        tenant: .init(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0007), session: .init(high: 3, low: 6))
    static let otherHospital = Caller(
        account: .init(high: 5, low: 2), role: .hospital, tenant: .init(high: 6, low: 2),
        session: .init(high: 3, low: 7))

    private static func sealer() throws -> Sealer {
        let key = Secret(Base64URL.encode([UInt8](repeating: 7, count: 32)))
        return Sealer(master: try MasterKey(version: 1, secret: key))
    }

    func webhooks(_ names: GivenNames = GivenNames(), allowsPrivate: Bool = false) throws -> Webhooks {
        Webhooks(
            store: HookStore(database: database), secrets: HookSecrets(sealer: try Self.sealer()),
            check: HookCheck(names: names, allowsPrivate: allowsPrivate), unit: UnitOfWork(database: database),
            audit: AuditLog(clock: clock), clock: clock)
    }

    var notes: NoteHookTries {
        NoteHookTries(
            database: database, queue: HookQueueStore(database: database),
            notices: HookNotices(deliveries: deliveries, inbox: inboxes, live: live, domain: "praxis.example"),
            clock: clock)
    }

    func posting(by receiver: any HookSender) throws -> SendHooks {
        SendHooks(
            queue: HookQueueStore(database: database), notes: notes, secrets: HookSecrets(sealer: try Self.sealer()),
            sender: receiver, allowsPrivate: false, clock: clock, metrics: Metrics())
    }

    func call(_ declaration: Declaration, by caller: Caller, condition: Condition = .none) -> Call {
        .test(declaration, by: caller, condition: condition)
    }

    @discardableResult
    func hook(
        _ url: String = "https://receiver.example/events", events: [String]? = nil, of caller: Caller = hospital
    ) async throws -> WebhookSecretView {
        let body = WebhookBody(url: url, events: events, isActive: true)
        return try await webhooks().create(body, call(WebhooksAPI.create.declaration, by: caller)).view
    }

    func show(_ hook: ID<Hook>, of caller: Caller = hospital) async throws -> WebhookView {
        try await webhooks().show(ByID(hook), call(WebhooksAPI.show.declaration, by: caller)).view
    }

    /// A visit of the hospital is confirmed.
    @discardableResult
    func confirmed() async throws -> EventEnvelope {
        let envelope = envelope(Event.appointmentConfirmed.sample)
        try await handler.handle(envelope)
        return envelope
    }

    func hookStates() async throws -> [String] {
        let state = Column<String>("state || ' ' || attempts || ' ' || coalesce(error, '-')")
        return try await database.read(state, as: .service) {
            "select \($0) from hook_delivery order by created_at, delivery_id"
        }
    }
}
