package import Files
import Jobs
package import Kernel
import Lifecycle
package import Observability
package import Postgres

/// Seals committed rows of the audit trail into the chain, within a second, and signs its head now and then. Of several
/// processes one seals at a time; writers never wait for it. Killed at any moment it has sealed a batch or has not.
package struct AuditSealer: Service {
    package let name = "audit sealer"
    private let database: Database
    private let chain: AuditChain
    private let file: LineFile
    private let interval: Duration
    private let clock: any WallClock
    private let metrics: Metrics
    private let measures: Measures
    /// The last end this process has seen: a chain that is shorter than that was cut.
    private let seen = Locked<AuditChain.End?>(nil)

    private struct Measures: Sendable {
        let waiting: Gauge
        let oldest: Gauge
        let sealed: Counter
        let foreign: Counter
        let cut: Counter
    }

    /// - Parameter interval: between signed heads.
    package init(
        database: Database, keys: AuditKeys, file: LineFile, interval: Duration, clock: any WallClock, metrics: Metrics
    ) {
        self.database = database
        self.file = file
        self.interval = interval
        self.clock = clock
        self.metrics = metrics
        chain = AuditChain(keys: keys)
        measures = Measures(
            waiting: metrics.gauge("praxis_audit_unsealed", "Audit entries not yet sealed; counted up to 1000."),
            oldest: metrics.gauge("praxis_audit_unsealed_seconds", "Age of the oldest audit entry not yet sealed."),
            sealed: metrics.counter("praxis_audit_sealed_total", "Audit entries sealed into the chain."),
            foreign: metrics.counter("praxis_audit_foreign_total", "Audit rows that no process of ours wrote."),
            cut: metrics.counter("praxis_audit_cut_total", "Times the chain was found shorter than it had been."))
    }

    /// How long a committed entry waits at most before it is looked at.
    static let pollInterval: Duration = .milliseconds(500)

    package func run() async throws {
        let heads = Locked(HeadSchedule(interval: interval))
        let job = PeriodicJob(
            name, every: Self.pollInterval, jitter: 0, backoff: Backoff(base: .milliseconds(500), cap: .seconds(5)),
            metrics: metrics,
            atEnd: {
                // What was committed while the service stopped is sealed and signed now, not after the next start.
                _ = try? await seal()
                _ = await signedNow()
            },
            work: {
                let hasSealed = try await seal()
                guard heads.withLock({ $0.isDue(hasSealed: hasSealed, at: .now) }) else { return }
                let signed = await signedNow()
                heads.withLock { $0.record(signed, at: .now) }
            })
        await job.run()
    }

    /// Nil when it failed.
    private func signedNow() async -> Bool? {
        do { return try await sign() } catch {
            log.error("the audit chain could not be signed", ["reason": String(describing: type(of: error))])
            return nil
        }
    }

    /// Seals all that waits; whether anything did. One query finds that, and since when. What is written meanwhile
    /// waits for the next look: who writes on and on would otherwise have a batch, with its commit, for every few
    /// entries.
    @discardableResult
    package func seal() async throws -> Bool {
        var hasSealed = false
        while true {
            let backlog = try await database.transaction { tx in try await chain.backlog(in: tx) }
            measures.waiting.set(Double(backlog.count))
            measures.oldest.set(age(of: backlog.oldest))
            guard backlog.count > 0, try await pass() else { return hasSealed }
            hasSealed = true
            guard backlog.count == AuditChain.limit else { break }
        }
        measures.waiting.set(0)
        measures.oldest.set(0)
        return true
    }

    private func age(of oldest: Instant?) -> Double {
        oldest.map { max(Double((clock.now - $0).wholeMicroseconds) / 1_000_000, 0) } ?? 0
    }

    /// Seals one batch; false when another process is at it, or nothing waited.
    package func pass() async throws -> Bool {
        let done = try await database.transaction { tx -> (end: AuditChain.End?, sealed: Int, foreign: Int)? in
            guard try await chain.tryLock(in: tx) else { return nil }
            let last = try await chain.end(in: tx)
            await noteCut(last)
            let waiting = try await chain.waiting(in: tx)
            let ours = waiting.compactMap(\.kept).filter { chain.keys.isOurs($0) }
            let foreign = Set(waiting.map(\.id)).subtracting(ours.map(\.id)).sorted()
            if !foreign.isEmpty { try await chain.leaveOut(foreign, in: tx) }
            guard !ours.isEmpty else { return (last, 0, foreign.count) }
            let batch = AuditBatch(
                after: last.map { ($0.number, $0.hash) }, of: ours, service: chain.keys.service, at: clock.now,
                keyID: chain.keys.current.id)
            return (try await chain.keep(batch, in: tx), ours.count, foreign.count)
        }
        guard let done else { return false }
        seen.withLock { $0 = done.end }
        measures.sealed.add(UInt64(done.sealed))
        if done.foreign > 0 {
            measures.foreign.add(UInt64(done.foreign))
            log.error("the audit trail holds rows that no process of ours wrote", ["rows": done.foreign])
        }
        return done.sealed + done.foreign > 0
    }

    /// Signs the end of the chain, in the table and in the file; false while there is nothing to sign.
    @discardableResult
    package func sign() async throws -> Bool {
        let head = try await database.transaction { tx in try await chain.head(at: clock.now, in: tx) }
        guard let head else { return false }
        try await file.append(head)
        return true
    }

    /// A chain that lost its end while we ran: what we saw goes into the file, so that whoever verifies learns of it
    /// even if no head had been signed since.
    private func noteCut(_ last: AuditChain.End?) async {
        guard let known = seen.withLock({ $0 }), known != last, (last?.number ?? 0) <= known.number else { return }
        seen.withLock { $0 = nil }
        measures.cut.add()
        log.error("the audit chain is shorter than it was", ["batch": known.number])
        guard let head = try? chain.head(of: known, at: clock.now) else { return }
        try? await file.append(head)
    }
}
