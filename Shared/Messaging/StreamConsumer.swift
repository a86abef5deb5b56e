import Events
import Jobs
import Kernel
import Lifecycle
import Observability
import Redis

/// Reads one source's stream for one consumer while this replica is the leader. Entries are handled without gaps: what
/// another consumer of the group was given before, and did not acknowledge, is claimed first. So even two that both
/// believe to lead handle the same entries in the same order, and each entry's effect is made once (`handled`).
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
                return lease.pause
            } catch {
                lease.forget()
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
        var claimTimer = Every(options.lease)
        _ = claimTimer.isDue(at: .now)
        var lagTimer = Every(.seconds(5))
        while try await isStillLeader(shutdown) {
            if claimTimer.isDue(at: .now) { try await claimPending(idle: options.lease, unless: shutdown) }
            if lagTimer.isDue(at: .now) { await measureLag() }
            let entries = try await reader.read(
                stream, group: group, consumer: lease.holder, count: Self.batch, timeout: options.blockTimeout)
            if entries.isEmpty { continue }
            if try await redis.isPending(elsewhereThan: lease.holder, group: group, of: stream) {
                // It is older than what was just read, and is claimed together with it.
                try await claimPending(idle: .zero, unless: shutdown)
            } else {
                try await process(entries, unless: shutdown)
            }
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
        // What changes nothing here is in nobody's way, and is most of what comes.
        var unheard: [String] = []
        var heard: [(id: String, event: DecodedEntry?)] = []
        for entry in entries {
            if isUnheard(entry) { unheard.append(entry.id); continue }
            // An entry that was deleted while pending has no fields.
            heard.append((entry.id, entry.fields.isEmpty ? nil : DecodedEntry(entry, from: source)))
        }
        try await acknowledge(unheard)
        metrics.unheard.add(UInt64(unheard.count))
        var entries = heard[...]
        while let (id, event) = entries.popFirst() {
            // The rest stays pending, and the next leader claims it.
            guard try await isStillLeader(shutdown) else { return }
            var outcome = Outcome.repeated
            if let event { outcome = try await process(event, unless: shutdown) }
            if outcome == .interrupted { return }
            try await acknowledge([id])
            // A stream that was lost and filled again holds mostly what was handled long ago.
            if outcome == .repeated, entries.count > 1 { try await skipHandled(&entries) }
        }
    }

    private func isUnheard(_ entry: StreamEntry) -> Bool {
        DecodedEntry.type(of: entry, from: source).map { !handler.hears($0) } ?? false
    }

    /// Drops and acknowledges the entries at the front that were handled before, asking for all in one statement.
    private func skipHandled(_ entries: inout ArraySlice<(id: String, event: DecodedEntry?)>) async throws {
        let handled = try await handler.handled(entries.compactMap { $0.event?.envelope?.id })
        let front = entries.prefix { entry in entry.event?.envelope.map { handled.contains($0.id) } ?? false }
        try await acknowledge(front.map(\.id))
        metrics.repeated.add(UInt64(front.count))
        entries = entries.dropFirst(front.count)
    }

    private func acknowledge(_ ids: [String]) async throws {
        let count = try await redis.acknowledge(ids, group: group, of: stream)
        // Somebody else acknowledged them, or Redis has lost them: whether this one still leads has to be asked.
        if count < ids.count { lease.forget() }
    }

    private enum Outcome {
        /// Handled now, or given up.
        case done
        case repeated
        /// This replica is no longer the leader.
        case interrupted
    }

    private func process(_ entry: DecodedEntry, unless shutdown: Shutdown) async throws -> Outcome {
        var step = Step(entry)
        var tries = 0, failures = 0
        while true {
            do {
                return try await perform(step) ? .done : .repeated
            } catch {
                failures = min(failures + 1, 32)
                if case .poison(let reason) = HandlingError(error), case .handle(let envelope) = step {
                    tries += 1
                    if tries >= options.maxTries { step = .giveUp(envelope, reason: reason, tries: tries) }
                }
            }
            await waker.wait(atMost: pause(after: failures))
            guard try await isStillLeader(shutdown) else { return .interrupted }
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

    /// False for an event whose effect had been made before.
    private func perform(_ step: Step) async throws -> Bool {
        switch step {
        case .handle(let envelope):
            let trace = envelope.traceparent.flatMap { TraceContext($0)?.child() } ?? .make()
            let context = TaskContext(requestID: envelope.id.description, trace: trace)
            let isNew = try await TaskContext.$current.withValue(context) {
                try await handler.handle(envelope)
            }
            isNew ? metrics.consumed.add() : metrics.repeated.add()
            return isNew
        case .giveUp(let envelope, let reason, let tries):
            try await handler.moveToDeadLetters(envelope, reason: reason, tries: tries)
            metrics.dead.add()
            return true
        case .discardUnreadable(let entry):
            try await handler.moveToDeadLetters(entry)
            metrics.dead.add()
            return true
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
