import Events
import Kernel
import Lifecycle
import Messaging
import Notifier
import NotifierDomain
import Observability
import Postgres
import TestSupport

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

struct GivenContacts: ContactSource {
    var answer: @Sendable () throws -> Contact = {
        Contact(name: "Nina Simone", email: "nina@example.com", isActive: true)
    }
    var token: @Sendable () throws -> String? = { "prxv_abc-_1" }
    func contact(of account: ID<Account>) async throws -> Contact { try answer() }
    func verificationToken(of account: ID<Account>) async throws -> String? { try token() }
}

/// Notifier's tables, and what reacts and sends.
struct World: Sendable {
    let database: Database
    let clock = GivenClock()
    var deliveries: DeliveryStore { DeliveryStore(database: database) }
    static let sender = Mailbox("Praxis <no-reply@praxis.example>")

    var reaction: OnEvent {
        OnEvent(deliveries: deliveries, clock: clock, domain: "praxis.example")
    }

    var handling: Handling {
        Handling(consumer: "notifier", database: database) { [reaction] in try await reaction.react($0, in: $1) }
    }

    func sending(by mailer: any Mailer, contacts: GivenContacts = GivenContacts()) throws -> DeliverDue {
        guard let from = World.sender else { throw Problem.internalError }
        let desk = WritingDesk(contacts: contacts, letters: try .standard(site: "https://praxis.example"), from: from)
        return DeliverDue(
            deliveries: deliveries, desk: desk, mailer: mailer, clock: clock, metrics: Metrics())
    }

    func envelope(_ event: IdentityEvent) -> EventEnvelope {
        EventEnvelope(event, id: .make(at: clock.now), at: clock.now, traceparent: nil)
    }

    func envelope(_ event: RegistryEvent) -> EventEnvelope {
        EventEnvelope(event, id: .make(at: clock.now), at: clock.now, traceparent: nil)
    }

    func registered() -> EventEnvelope {
        envelope(.accountRegistered(.init(account: .make(at: clock.now), role: .staff)))
    }

    func state() async throws -> [String] {
        try await database.read("select state || ' ' || attempts || ' ' || coalesce(last_error, '-') from delivery")
            .map { try $0.text(0) }
    }
}

func withWorld(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
    try await withDatabase(schema: "notifier") { database, home, _ in
        let beside = Migration(
            number: Schema.migrations.count + 1, name: "beside", sql: Array(MessagingSchema.sql.utf8))
        _ = try await Migrator(home.settings(schema: "notifier"), Schema.migrations + [beside]).migrate()
        try await body(World(database: database))
    }
}
