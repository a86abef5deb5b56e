import Events
import Jobs
import Kernel
import Lifecycle
import Observability
import Redis

/// Reads one source's stream for one consumer while this replica is the leader.
struct StreamConsumer: Sendable {
    let source: String
    let handler: EventHandler
    let redis: RedisClient
    let reader: StreamReader
    let lease: LeaderLease
    let stream: String
    let options: ConsumerOptions
    let metrics: ConsumerMetrics
    private let waker = WakeSignal()

    private var group: String { handler.consumer }
    private static let batch = 64

    func run() async {
        let shutdown = Shutdown.current
        let key = shutdown.onRequest { reader.close() }
        var failures = 0
        await RepeatedWork.run(unless: shutdown, wake: waker) {
            do {
                if try await lease.acquireOrRenew() { try await consume(unless: shutdown) }
                failures = 0
                return options.lease / 6
            } catch {
                if shutdown.isRequested { return nil }
                failures = min(failures + 1, 32)
                if failures == 2 {
                    log.warning("events wait", ["source": source, "reason": String(describing: error)])
                }
                return pause(after: failures)
            }
        }
        shutdown.forget(key)
        await resign()
    }

    /// Runs while this replica is the leader: first the pending entries of any consumer, then new ones. After a throw
    /// (the group was deleted, Redis is unavailable) it is called again.
    private func consume(unless shutdown: Shutdown) async throws {
        try await redis.createGroup(group, of: stream)
        try await claimPending(idle: .zero, unless: shutdown)
        var claimTimer = Every(options.claimIdle)
        _ = claimTimer.isDue(at: .now)
        var lagTimer = Every(.seconds(5))
        while try await isStillLeader(shutdown) {
            if claimTimer.isDue(at: .now) { try await claimPending(idle: options.claimIdle, unless: shutdown) }
            if lagTimer.isDue(at: .now) { await measureLag() }
            let entries = try await reader.read(
                stream, group: group, consumer: lease.holder, count: Self.batch, timeout: options.blockTimeout)
            try await process(entries, unless: shutdown)
        }
    }

    private func claimPending(idle: Duration, unless shutdown: Shutdown) async throws {
        var next = "0-0"
        repeat {
            let claimed = try await redis.claim(
                group: group, of: stream, for: lease.holder, idle: idle, from: next, count: Self.batch)
            try await process(claimed.entries, unless: shutdown)
            next = claimed.next
            if shutdown.isRequested { return }
        } while next != "0-0"
    }

    private func process(_ entries: [StreamEntry], unless shutdown: Shutdown) async throws {
        for entry in entries {
            // The rest stays pending, and the next leader claims it.
            guard try await isStillLeader(shutdown) else { return }
            guard try await process(entry, unless: shutdown) else { return }
            try await redis.acknowledge([entry.id], group: group, of: stream)
        }
    }

    /// True when the entry is finished: handled, known, or given up. False when this replica is no longer the leader.
    private func process(_ entry: StreamEntry, unless shutdown: Shutdown) async throws -> Bool {
        // An entry that was deleted while pending has no fields.
        if entry.fields.isEmpty { return true }
        var step = Step(DecodedEntry(entry, from: source))
        var tries = 0, failures = 0
        while true {
            do {
                try await perform(step)
                return true
            } catch {
                failures = min(failures + 1, 32)
                if case .poison(let reason) = HandlingError(error), case .handle(let envelope) = step {
                    tries += 1
                    if tries >= options.maxTries { step = .giveUp(envelope, reason: reason, tries: tries) }
                }
            }
            await waker.wait(atMost: pause(after: failures))
            guard try await isStillLeader(shutdown) else { return false }
        }
    }

    private enum Step {
        case handle(EventEnvelope)
        case giveUp(EventEnvelope, reason: String, tries: Int)
        case discardUnreadable(DecodedEntry)

        init(_ entry: DecodedEntry) {
            if let envelope = entry.envelope { self = .handle(envelope) } else { self = .discardUnreadable(entry) }
        }
    }

    private func perform(_ step: Step) async throws {
        switch step {
        case .handle(let envelope):
            let trace = envelope.traceparent.flatMap { TraceContext($0)?.child() } ?? .make()
            let context = TaskContext(requestID: envelope.id.description, trace: trace)
            let isNew = try await TaskContext.$current.withValue(context) {
                try await handler.handle(envelope)
            }
            isNew ? metrics.consumed.add() : metrics.repeated.add()
        case .giveUp(let envelope, let reason, let tries):
            try await handler.moveToDeadLetters(envelope, reason: reason, tries: tries)
            metrics.dead.add()
        case .discardUnreadable(let entry):
            try await handler.moveToDeadLetters(entry)
            metrics.dead.add()
        }
    }

    private func measureLag() async {
        guard let groups = try? await redis.groups(of: stream), let own = groups.first(where: { $0.name == group })
        else { return }
        metrics.lag.set(Double((own.lag ?? 0) + own.pending))
    }

    private func pause(after failures: Int) -> Duration {
        max(options.backoff.delay(failures, random: .random(in: 0..<1)), .milliseconds(10))
    }

    private func isStillLeader(_ shutdown: Shutdown) async throws -> Bool {
        if shutdown.isRequested { return false }
        return try await lease.acquireOrRenew()
    }

    /// The next replica need not wait for the lease to run out.
    private func resign() async {
        reader.close()
        await lease.release()
        _ = try? await StreamUpkeep.removeIdle(consumersOf: group, of: stream, and: lease.holder, on: redis)
    }
}
