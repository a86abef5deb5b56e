package import Kernel
import Lifecycle
import Messaging
package import NotifierDomain
package import Observability

/// Sends what is due. Each try is leased; one that crashed is repeated after the lease, under the same Message-ID: between
/// the provider's word and our commit nobody can tell whether it went out.
package struct DeliverDue: Service {
    package let name = "deliveries"
    private let deliveries: DeliveryStore
    private let desk: WritingDesk
    private let mailer: any Mailer
    private let policy: RetryPolicy
    private let clock: any WallClock
    private let meter: DeliveryMeter
    private let waker = Nudge()

    /// Tries at the same time, each shorter than the lease.
    private static let width = 4
    private static let lease: Duration = .seconds(120)

    package init(
        deliveries: DeliveryStore, desk: WritingDesk, mailer: any Mailer, policy: RetryPolicy = RetryPolicy(),
        clock: any WallClock, metrics: Metrics
    ) {
        (self.deliveries, self.desk, self.mailer) = (deliveries, desk, mailer)
        (self.policy, self.clock, meter) = (policy, clock, DeliveryMeter(metrics))
    }

    package func run() async throws {
        let shutdown = Shutdown.current
        let key = shutdown.onRequest { waker.nudge() }
        let backoff = Backoff(base: .milliseconds(500), cap: .seconds(15))
        var failures = 0
        while !shutdown.isRequested, !Task.isCancelled {
            var isWorking = false
            do {
                let round = try await round()
                failures = round.isAway ? min(failures + 1, 32) : 0
                isWorking = round.tried == Self.width && !round.isAway
            } catch {
                failures = min(failures + 1, 32)
                if failures == 2 { log.warning("deliveries wait", ["reason": String(describing: type(of: error))]) }
            }
            if isWorking { continue }
            let pause = failures > 0 ? backoff.delay(failures, random: .random(in: 0.5..<1)) : .seconds(1)
            await waker.wait(atMost: pause)
        }
        shutdown.forget(key)
    }

    /// What one round met.
    package struct Round: Sendable, Equatable {
        package let tried: Int
        /// Somebody needed for all of them is away: no use in asking at once.
        package let isAway: Bool
    }

    package func round() async throws -> Round {
        let due = try await deliveries.claim(Self.width, at: clock.now, lease: Self.lease)
        guard !due.isEmpty else { return Round(tried: 0, isAway: false) }
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { tasks in
            for delivery in due { tasks.addTask { try await attempt(delivery) } }
            var outcomes: [Outcome] = []
            while let outcome = try await tasks.next() { outcomes.append(outcome) }
            return outcomes
        }
        let isAway = outcomes.contains { if case .away = $0 { true } else { false } }
        return Round(tried: due.count, isAway: isAway)
    }

    private func attempt(_ due: DueDelivery) async throws -> Outcome {
        let trace = due.traceparent.flatMap { TraceContext($0)?.child() } ?? .make()
        return try await RequestContext.$current.withValue(
            RequestContext(requestID: due.id.description, trace: trace)
        ) {
            let outcome = await send(due)
            let next = policy.next(
                after: outcome, attempt: due.attempt, created: due.created, now: clock.now,
                random: .random(in: 0..<1))
            try await settle(due, next, outcome)
            meter.note(next)
            log.info("delivery tried", ["kind": due.kind?.rawValue, "attempt": due.attempt, "next": next.word])
            return outcome
        }
    }

    private func send(_ due: DueDelivery) async -> Outcome {
        switch await desk.write(due) {
        case .mail(let mail): await mailer.send(mail)
        case .nothing(let outcome): outcome
        }
    }

    /// What was sent must be known as sent: a database that hiccups is asked again while the lease lasts.
    private func settle(_ due: DueDelivery, _ next: RetryPolicy.Next, _ outcome: Outcome) async throws {
        var tries = 0
        while true {
            do {
                try await deliveries.settle(due, next, code: outcome.code, at: clock.now)
                return
            } catch {
                tries += 1
                if tries == 5 { throw error }
                await Nudge().wait(atMost: .milliseconds(200 << tries))
            }
        }
    }
}

extension RetryPolicy.Next {
    /// For logs and metrics.
    var word: String {
        switch self {
        case .sent: "sent"
        case .failed: "failed"
        case .dead: "dead"
        case .again: "again"
        }
    }
}

/// What is counted of deliveries.
struct DeliveryMeter: Sendable {
    private let counters: [String: Counter]

    init(_ metrics: Metrics) {
        var counters: [String: Counter] = [:]
        for word in ["sent", "failed", "dead", "again"] {
            counters[word] = metrics.counter(
                "praxis_deliveries_total", "Tries to deliver a message, by what follows.", ["next": word])
        }
        self.counters = counters
    }

    func note(_ next: RetryPolicy.Next) { counters[next.word]?.add() }
}
