import IDNA
import Jobs
package import Kernel
import Lifecycle
import Messaging
import Net
import NotifierDomain
package import Observability

/// Posts what is due to hooks. Each try is leased; one that crashed is repeated after the lease, under the same
/// `webhook-id`. A slow receiver takes its own places alone: others go on meanwhile.
package struct SendHooks: Service {
    package let name = "webhooks"
    private let queue: HookQueueStore
    private let notes: NoteHookTries
    private let secrets: HookSecrets
    private let sender: any HookSender
    private let allowsPrivate: Bool
    private let clock: any WallClock
    private let meter: HookMeter

    private static let interval: Duration = .milliseconds(500)

    package init(
        queue: HookQueueStore, notes: NoteHookTries, secrets: HookSecrets, sender: any HookSender,
        allowsPrivate: Bool, clock: any WallClock, metrics: Metrics
    ) {
        self.queue = queue
        self.notes = notes
        self.secrets = secrets
        self.sender = sender
        self.allowsPrivate = allowsPrivate
        self.clock = clock
        meter = HookMeter(metrics)
    }

    package func run() async throws {
        let wake = WakeSignal()
        let inFlight = Locked(0)
        let backoff = Backoff(base: .milliseconds(500), cap: .seconds(15))
        var failures = 0
        await withDiscardingTaskGroup { tasks in
            await RepeatedWork.run(wake: wake) {
                do {
                    let free = HTTPHookSender.width - inFlight.withLock { $0 }
                    guard free > 0 else { return Self.interval }
                    // The lease counts from before the claim: an answer that came late has used some of it up.
                    let start = MonotonicTime.now
                    let due = try await queue.claim(free, at: clock.now, lease: TryLease.whole)
                    failures = 0
                    inFlight.withLock { $0 += due.count }
                    for one in due {
                        tasks.addTask {
                            await attempt(one, from: start)
                            inFlight.withLock { $0 -= 1 }
                            wake.signal()
                        }
                    }
                    return due.isEmpty ? Self.interval : .zero
                } catch {
                    if failures == 0 {
                        log.warning(
                            "webhooks wait for the database", ["fault": String(describing: type(of: error))])
                    }
                    failures = min(failures + 1, 32)
                    return backoff.delay(failures - 1, random: .random(in: 0.5..<1))
                }
            }
        }
    }

    /// Posts what is due now, and waits for all of it; how many.
    package func round() async throws -> Int {
        let start = MonotonicTime.now
        let due = try await queue.claim(HTTPHookSender.width, at: clock.now, lease: TryLease.whole)
        await withDiscardingTaskGroup { tasks in
            for one in due { tasks.addTask { await attempt(one, from: start) } }
        }
        return due.count
    }

    /// Never throws: one try's trouble is not the others'.
    private func attempt(_ due: DueHook, from start: MonotonicTime) async {
        await TaskContext.$current.withValue(TaskContext(requestID: due.id.description, trace: .make())) {
            let outcome = await post(due)
            let next = Self.next(due, outcome, at: clock.now)
            let deadline = Deadline.after(TryLease.whole, from: start)
            guard await TryLease.note(until: deadline, { try await notes.note(due, outcome, next, until: deadline) })
            else { return }
            meter.note(next)
            log.info(
                "webhook tried",
                ["attempt": due.attempt, "status": outcome.status, "error": outcome.error, "ms": outcome.milliseconds])
        }
    }

    private func post(_ due: DueHook) async -> HookOutcome {
        let now = clock.now
        guard let url = try? HookURL(due.url, allowsPrivate: allowsPrivate, ascii: DomainName.ascii) else {
            return .failed("address_refused")
        }
        guard let secrets = try? secrets.open(due.secrets, of: due.hook, at: now) else {
            log.error("a webhook's secret does not open: is a master key missing?", ["hook": due.hook])
            return .sealed
        }
        let fields = WebhookSignature.fields(due.id, at: now, body: due.body, secrets: secrets)
        return await sender.post(HookRequest(url: url, fields: fields, body: due.body, owner: due.owner))
    }

    private static func next(_ due: DueHook, _ outcome: HookOutcome, at now: Instant) -> HookRetryPlan.Next {
        if !outcome.isSuccess, due.isTest || outcome.isGone { return .failed }
        return HookRetryPlan.next(
            after: outcome, attempt: due.tries, first: due.first, now: now, random: .random(in: 0..<1))
    }
}

/// What is counted of tries to post.
struct HookMeter: Sendable {
    private let sent: Counter
    private let again: Counter
    private let failed: Counter

    init(_ metrics: Metrics) {
        func counter(_ next: String) -> Counter {
            metrics.counter(
                "praxis_webhook_tries_total", "Tries to post an event to a webhook, by what follows.", ["next": next])
        }
        sent = counter("sent")
        again = counter("again")
        failed = counter("failed")
    }

    func note(_ next: HookRetryPlan.Next) {
        switch next {
        case .sent: sent.add()
        case .again: again.add()
        case .failed: failed.add()
        }
    }
}
