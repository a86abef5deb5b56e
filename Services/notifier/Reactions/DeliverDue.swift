import Jobs
package import Kernel
import Lifecycle
import Messaging
package import NotifierDomain
package import Observability

/// Sends what is due by one channel. Each try is leased; one that crashed is repeated after the lease, under the same
/// Message-ID: between the provider's word and our commit nobody can tell whether it went out.
package struct DeliverDue: Service {
    package let name: String
    private let channel: MessageChannel
    private let deliveries: DeliveryStore
    private let preferences: PreferenceStore
    private let composer: MessageComposer
    private let transports: Transports
    private let policy: RetryPolicy
    private let clock: any WallClock
    private let meter: DeliveryMeter
    private let metrics: Metrics

    /// Tries at the same time, each shorter than the lease.
    private static let width = 4

    package init(
        _ channel: MessageChannel, deliveries: DeliveryStore, preferences: PreferenceStore,
        composer: MessageComposer, transports: Transports, policy: RetryPolicy = RetryPolicy(), clock: any WallClock,
        metrics: Metrics
    ) {
        name = "deliveries by \(channel.rawValue)"
        self.channel = channel
        self.deliveries = deliveries
        self.preferences = preferences
        self.composer = composer
        self.transports = transports
        self.metrics = metrics
        self.policy = policy
        self.clock = clock
        meter = DeliveryMeter(metrics, of: channel)
    }

    package func run() async throws {
        let job = PeriodicJob(
            name, every: .seconds(1), backoff: Backoff(base: .milliseconds(500), cap: .seconds(15)), metrics: metrics,
            draining: {
                let round = try await round()
                if round.isAway { throw Away() }
                return round.tried == Self.width
            })
        await job.run()
    }

    /// Somebody needed for all deliveries is away.
    private struct Away: Error {}

    /// What one round met.
    package struct Round: Sendable, Equatable {
        package let tried: Int
        /// Somebody needed for all of them is away: no use in asking at once.
        package let isAway: Bool
    }

    package func round() async throws -> Round {
        // The lease counts from before the claim: an answer that came late has used some of it up.
        let start = MonotonicTime.now
        let due = try await deliveries.claim(Self.width, of: channel, at: clock.now, lease: TryLease.whole)
        guard !due.isEmpty else { return Round(tried: 0, isAway: false) }
        let isAway = await withTaskGroup(of: Bool.self) { tasks in
            for delivery in due { tasks.addTask { await attempt(delivery, from: start) } }
            return await tasks.reduce(false) { $0 || $1 }
        }
        return Round(tried: due.count, isAway: isAway)
    }

    /// Whether somebody needed for all of them is away. Never throws: one try's trouble is not the others'.
    private func attempt(_ due: DueDelivery, from start: MonotonicTime) async -> Bool {
        let trace = due.traceparent.flatMap { TraceContext($0)?.child() } ?? .make()
        return await TaskContext.$current.withValue(
            TaskContext(requestID: due.id.description, trace: trace)
        ) {
            await attempt(due, policy.lasting(due.kind?.lifetime ?? policy.lifetime), from: start)
        }
    }

    private func attempt(_ due: DueDelivery, _ policy: RetryPolicy, from start: MonotonicTime) async -> Bool {
        if policy.isOver(since: due.begin, at: clock.now) {
            return !(await end(due, .dead, code: due.lastError ?? "expired", then: due.nextChannels, from: start))
        }
        do {
            if let quietEnd = try await quietEnd(for: due) {
                return try await putOff(due, policy, until: quietEnd, from: start)
            }
            if due.wasHeld, let ways = try await otherWays(than: channel, for: due) {
                return !(await end(due, .failed, code: "not_chosen", then: ways, from: start))
            }
        } catch {
            return true
        }
        let outcome = await send(due, from: start)
        let next = policy.next(
            after: outcome, attempt: due.tries, created: due.begin, now: clock.now, random: .random(in: 0..<1))
        let isNoted = await end(
            due, next, code: outcome.code, then: outcome.leaves(due.nextChannels, after: next), from: start)
        if case .away = outcome { return true }
        return !isNoted
    }

    /// When the recipient may get a text, if not now.
    private func quietEnd(for due: DueDelivery) async throws -> Instant? {
        guard channel == .sms, due.kind?.preference.isLocked == false else { return nil }
        return try await preferences.quietEnd(of: due.recipient, at: clock.now)
    }

    /// What was chosen may have changed while it was held: the ways that are left where this one is no longer wanted;
    /// nil where it is.
    private func otherWays(
        than channel: MessageChannel, for due: DueDelivery
    ) async throws -> [MessageChannel]? {
        let wanted = try await wantedWays(for: due)
        return wanted.contains(channel) ? nil : due.nextChannels.filter { wanted.contains($0) }
    }

    private func wantedWays(for due: DueDelivery) async throws -> [MessageChannel] {
        guard let kind = due.kind?.preference else { return [] }
        return try await preferences.current(of: due.recipient).channels(of: kind)
    }

    /// A text waits for the end of the quiet hours; one that would come too late then goes another way, and a reminder
    /// by mail also where the list had that before the text: to all whose choice has it now.
    private func putOff(
        _ due: DueDelivery, _ policy: RetryPolicy, until quietEnd: Instant, from start: MonotonicTime
    ) async throws -> Bool {
        guard policy.isOver(since: due.begin, at: quietEnd) else {
            try await deliveries.hold(due, until: quietEnd, code: DueDelivery.heldCode)
            return false
        }
        let planned = due.nextChannels.isEmpty && due.kind == .appointmentReminder ? [.email] : due.nextChannels
        let wanted = try await wantedWays(for: due)
        let ways = planned.filter { wanted.contains($0) }
        return !(await end(due, .dead, code: DueDelivery.heldCode, then: ways, from: start))
    }

    private func send(_ due: DueDelivery, from start: MonotonicTime) async -> Outcome {
        let written = await composer.write(due)
        // What is left of the lease would not do for sending.
        if start.duration(to: .now) > TryLease.writing { return .away(code: "slow") }
        return await transports.send(written)
    }

    /// False when the result could not be noted: the try counts as crashed.
    private func end(
        _ due: DueDelivery, _ next: RetryPolicy.Next, code: String?, then ways: [MessageChannel],
        from start: MonotonicTime
    ) async -> Bool {
        let deadline = Deadline.after(TryLease.whole, from: start)
        let isNoted = await TryLease.note(until: deadline) {
            try await deliveries.settle(due, next, code: code, then: ways, at: clock.now, until: deadline)
        }
        guard isNoted else { return false }
        meter.note(next)
        log.info("delivery tried", ["kind": due.kind?.rawValue, "attempt": due.attempt, "next": next.word])
        return true
    }
}

extension Outcome {
    /// The ways still to be tried: those that are left where this one failed for good, and the message did not.
    fileprivate func leaves(_ ways: [MessageChannel], after next: RetryPolicy.Next) -> [MessageChannel] {
        if case .notWanted = self { return [] }
        return next == .failed || next == .dead ? ways : []
    }
}
