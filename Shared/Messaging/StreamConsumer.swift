import Events
import Jobs
import Kernel
import Lifecycle
import Observability
import Redis

/// One source's stream as one consumer reads it.
struct StreamConsumer: Sendable {
    let source: String
    let handling: Handling
    let redis: RedisClient
    let reader: StreamReader
    let lease: LeaderLease
    let stream: String
    let pace: Pace
    let meter: FeedMeter
    private let waker = WakeSignal()

    private var group: String { handling.consumer }
    private static let batch = 64

    init(
        source: String, handling: Handling, redis: RedisClient, reader: StreamReader, lease: LeaderLease,
        stream: String,
        pace: Pace, meter: FeedMeter
    ) {
        (self.source, self.handling, self.redis, self.reader) = (source, handling, redis, reader)
        (self.lease, self.stream, self.pace, self.meter) = (lease, stream, pace, meter)
    }

    func run() async {
        let shutdown = Shutdown.current
        let key = shutdown.onRequest { reader.close() }
        var failures = 0
        await RepeatedWork.run(unless: shutdown, wake: waker) {
            do {
                if try await lease.hold() { try await follow(unless: shutdown) }
                failures = 0
                return pace.lease / 6
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
        await leave()
    }

    /// As the one that leads: first what was given to somebody and never finished, then what is new. A throw – the
    /// group is gone, Redis is – begins it anew.
    private func follow(unless shutdown: Shutdown) async throws {
        try await redis.createGroup(group, of: stream)
        try await takeOver(idle: .zero, unless: shutdown)
        var sweep = Every(pace.idle)
        _ = sweep.isDue(at: .now)
        var look = Every(.seconds(5))
        while try await mayGoOn(shutdown) {
            if sweep.isDue(at: .now) { try await takeOver(idle: pace.idle, unless: shutdown) }
            if look.isDue(at: .now) { await measure() }
            let entries = try await reader.read(
                stream, group: group, consumer: lease.holder, count: Self.batch, timeout: pace.timeout)
            try await settle(entries, unless: shutdown)
        }
    }

    private func takeOver(idle: Duration, unless shutdown: Shutdown) async throws {
        var next = "0-0"
        repeat {
            let claimed = try await redis.claim(
                group: group, of: stream, for: lease.holder, idle: idle, from: next, count: Self.batch)
            try await settle(claimed.entries, unless: shutdown)
            next = claimed.next
            if shutdown.isRequested { return }
        } while next != "0-0"
    }

    private func settle(_ entries: [StreamEntry], unless shutdown: Shutdown) async throws {
        for entry in entries {
            // What is left is pending, and taken over by whoever leads next.
            guard try await mayGoOn(shutdown) else { return }
            guard try await settle(entry, unless: shutdown) else { return }
            try await redis.acknowledge([entry.id], group: group, of: stream)
        }
    }

    /// True when the entry is done with: handled, known, or given up. False when this one may not go on.
    private func settle(_ entry: StreamEntry, unless shutdown: Shutdown) async throws -> Bool {
        // An entry that was deleted under its group has nothing left to handle.
        if entry.fields.isEmpty { return true }
        var step = Step(ReadEntry(entry, from: source))
        var tries = 0, failures = 0
        while true {
            do {
                try await take(step)
                return true
            } catch {
                failures = min(failures + 1, 32)
                if case .poison(let reason) = Fault(error), case .handle(let envelope) = step {
                    tries += 1
                    if tries >= pace.tries { step = .bury(envelope, reason: reason, tries: tries) }
                }
            }
            await waker.wait(atMost: pause(after: failures))
            guard try await mayGoOn(shutdown) else { return false }
        }
    }

    private enum Step {
        case handle(EventEnvelope)
        case bury(EventEnvelope, reason: String, tries: Int)
        case buryUnreadable(ReadEntry)

        init(_ entry: ReadEntry) {
            if let envelope = entry.envelope { self = .handle(envelope) } else { self = .buryUnreadable(entry) }
        }
    }

    private func take(_ step: Step) async throws {
        switch step {
        case .handle(let envelope):
            let trace = envelope.traceparent.flatMap { TraceContext($0)?.child() } ?? .make()
            let context = TaskContext(requestID: envelope.id.description, trace: trace)
            let isNew = try await TaskContext.$current.withValue(context) {
                try await handling.handle(envelope)
            }
            isNew ? meter.consumed.add() : meter.repeated.add()
        case .bury(let envelope, let reason, let tries):
            try await handling.bury(envelope, reason: reason, tries: tries)
            meter.dead.add()
        case .buryUnreadable(let entry):
            try await handling.bury(entry)
            meter.dead.add()
        }
    }

    private func measure() async {
        guard let groups = try? await redis.groups(of: stream), let own = groups.first(where: { $0.name == group })
        else { return }
        meter.lag.set(Double((own.lag ?? 0) + own.pending))
    }

    private func pause(after failures: Int) -> Duration {
        max(pace.backoff.delay(failures, random: .random(in: 0..<1)), .milliseconds(10))
    }

    private func mayGoOn(_ shutdown: Shutdown) async throws -> Bool {
        if shutdown.isRequested { return false }
        return try await lease.hold()
    }

    /// The next replica need not wait for the lease to run out.
    private func leave() async {
        reader.close()
        await lease.release()
        _ = try? await StreamUpkeep.forgetIdle(consumers: group, of: stream, and: lease.holder, on: redis)
    }
}
