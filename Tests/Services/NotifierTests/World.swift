import API
import Audit
import Chassis
import Events
import Kernel
import Lifecycle
import Messaging
import Net
import Notifier
import NotifierDomain
import Observability
import Postgres
import TestSupport
import Web

/// A moment that passes only when a test says so.
final class GivenClock: WallClock {
    private let moment = Locked(Instant(seconds: 1_760_000_000))
    var now: Instant { moment.withLock { $0 } }
    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

/// A mailer that does what the test says and remembers what it was given.
final class GivenMailer: Mailer {
    private let outcomes: Locked<[Outcome]>
    private let mails = Locked<[Mail]>([])

    /// After these every mail is accepted.
    init(_ outcomes: Outcome...) { self.outcomes = Locked(outcomes) }

    var sent: [Mail] { mails.withLock { $0 } }

    func send(_ mail: Mail) async -> Outcome {
        mails.withLock { $0.append(mail) }
        return outcomes.withLock { $0.isEmpty ? .accepted : $0.removeFirst() }
    }
}

/// A texter that does what the test says and remembers what it was given.
final class GivenTexter: Texter {
    private let outcomes: Locked<[Outcome]>
    private let messages = Locked<[TextMessage]>([])

    /// After these every text is accepted.
    init(_ outcomes: Outcome...) { self.outcomes = Locked(outcomes) }

    var sent: [TextMessage] { messages.withLock { $0 } }

    func send(_ message: TextMessage) async -> Outcome {
        messages.withLock { $0.append(message) }
        return outcomes.withLock { $0.isEmpty ? .accepted : $0.removeFirst() }
    }
}

struct GivenStreams: StreamSource {
    var sources = ["identity", "registry"]
    var answers: [String: StreamStanding] = ["identity": StreamStanding(behind: 3, pending: 1, repaired: 7)]
    func standing(of source: String) async -> StreamStanding? { answers[source] }
}

struct GivenContacts: ContactSource, ContentSource {
    var answer: @Sendable () throws -> Contact = {
        Contact(name: "Nina Simone", email: "nina@example.com", isActive: true)
    }
    var token: @Sendable () throws -> String? = { "prxv_abc-_1" }
    func contact(of account: ID<Account>) async throws -> Contact { try answer() }
    var code: @Sendable () throws -> ContentAnswer = { Self.code("482913") }
    var resetToken: @Sendable () throws -> String? = { "prxr_xyz-_9" }

    static func code(_ code: String, to phone: String = "+4915112345678") -> ContentAnswer {
        .content(MessageContent(values: ["code": code, "minutes": "10"], phone: phone))
    }

    func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer {
        switch kind {
        case .verification: link(try token(), else: "already_verified")
        case .emailChange: .content(MessageContent(token: "prxe_pq-_7", email: "new@example.com"))
        case .providerReview:
            .content(
                MessageContent(values: [
                    "provider": "John Doe", "specialty": "Internal Medicine", "license": "MD123456789",
                    "path": "/api/admin/providers/\(subject?.description ?? "-")/verification",
                ]))
        case .appointmentReminder: .content(MessageContent(values: ["hospital": "A", "doctor": "B", "when": "C"]))
        case .queueCalled: .content(MessageContent())
        case .appointmentConfirmed:
            .content(
                MessageContent(
                    values: [
                        "hospital": "General Hospital", "doctor": "Dr. Emily Chen", "when": start?.rfc3339 ?? "-",
                    ], calendar: CalendarPartView(method: .publish, text: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")))
        case .emailChanged: .content(MessageContent(email: "old@example.com"))
        case .passwordReset: link(try resetToken(), else: "not_wanted")
        case .phoneCode: try code()
        default: throw Problem.internalError
        }
    }

    private func link(_ token: String?, else code: String) -> ContentAnswer {
        token.map { .content(MessageContent(token: $0)) } ?? .notWanted(code: code)
    }
}

/// Notifier's tables, and what reacts and sends.
struct World: Sendable {
    let database: Database
    let home: TestDatabase
    let group: EventLoopGroup
    let clock = GivenClock()
    var deliveries: DeliveryStore { DeliveryStore(database: database) }
    var inboxes: InboxStore { InboxStore(database: database) }
    var chosen: PreferenceStore { PreferenceStore(database: database) }
    var live: LiveStore { LiveStore(database: database) }
    var tickets: StreamTicketStore { StreamTicketStore(database: database) }
    var inbox: Inbox { Inbox(store: inboxes, unit: UnitOfWork(database: database), clock: clock) }
    static let sender = Mailbox("Praxis <no-reply@praxis.example>")

    var reaction: OnEvent {
        OnEvent(
            deliveries: deliveries, inbox: inboxes, preferences: chosen, live: live,
            hooks: PostEvents(store: HookEventStore(), clock: clock), audience: KeepAudience(audience: AudienceStore()),
            ends: EndStreams(tickets: tickets), clock: clock, domain: "praxis.example")
    }

    var handler: EventHandler {
        EventHandler(
            consumer: "notifier", database: database, hears: OnEvent.hears,
            effect: { [reaction] in try await reaction.react($0, in: $1) })
    }

    func sending(by mailer: any Mailer, contacts: GivenContacts = GivenContacts()) throws -> DeliverDue {
        try sending(.email, Transports(mail: mailer, texts: GivenTexter()), contacts)
    }

    func texting(by texter: any Texter, contacts: GivenContacts = GivenContacts()) throws -> DeliverDue {
        try sending(.sms, Transports(mail: GivenMailer(), texts: texter), contacts)
    }

    private func sending(
        _ channel: MessageChannel, _ transports: Transports, _ contacts: GivenContacts
    ) throws -> DeliverDue {
        guard let from = World.sender else { throw Problem.internalError }
        let composer = MessageComposer(
            contacts: contacts,
            contents: ContentSources(
                identity: contacts, registry: contacts, scheduling: contacts, records: contacts),
            templates: try .embedded(site: "https://praxis.example"), unsubscribing: try Self.links, from: from)
        return DeliverDue(
            channel, deliveries: deliveries, preferences: chosen, composer: composer, transports: transports,
            clock: clock, metrics: Metrics())
    }

    static var links: UnsubscribeLinks {
        get throws {
            try UnsubscribeLinks(secret: Secret(String(repeating: "s", count: 32)), site: "https://praxis.example")
        }
    }

    var preferences: Preferences {
        get throws {
            Preferences(
                store: chosen, links: try Self.links, unit: UnitOfWork(database: database),
                audit: AuditLog(clock: clock), clock: clock)
        }
    }

    /// Keeps how somebody wants to be told.
    func choose(_ preferences: NotificationPreferences, for account: ID<Account>) async throws {
        try await database.transaction(as: .service) { tx in
            _ = try await chosen.lock(account, at: clock.now, in: tx)
            _ = try await chosen.keep(preferences, of: account, at: clock.now, in: tx)
        }
    }

    /// What an administrator asks.
    static let admin = Caller(account: .init(high: 1, low: 2), role: .admin, session: .init(high: 3, low: 4))

    var administration: Deliveries {
        Deliveries(
            deliveries: deliveries, unit: UnitOfWork(database: database), audit: AuditLog(clock: clock), clock: clock)
    }

    func call(_ declaration: Declaration) -> Call {
        .test(declaration, by: World.admin)
    }

    func fact() -> AccountFact { .init(account: .make(at: clock.now), role: .patient) }

    func envelope(_ event: Event) -> EventEnvelope {
        EventEnvelope(event, id: .make(at: clock.now), at: clock.now, traceparent: nil)
    }

    func registered() -> EventEnvelope {
        envelope(.accountRegistered(.init(account: .make(at: clock.now), role: .staff)))
    }

    func state() async throws -> [String] {
        let state = Column<String>("state || ' ' || attempts || ' ' || coalesce(last_error, '-')")
        return try await database.read(state) { "select \($0) from delivery" }
    }
}

func withWorld(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
    // Policies hold for a role that is no superuser.
    let role = "praxis_notifier_test"
    try await withDatabase(schema: "notifier", role: role) { database, home, group in
        let settings = home.settings(schema: "notifier", role: role)
        _ = try await Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger).migrate()
        _ = try await Migrator(settings, Schema.migrations).migrate()
        try await body(World(database: database, home: home, group: group))
    }
}
