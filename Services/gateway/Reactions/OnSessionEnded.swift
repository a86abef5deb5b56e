import Crypto
import Events
import JSON
import Jobs
import Kernel
import Lifecycle
package import Net
package import Observability
package import Redis

/// Keeps the list of revoked sessions: hears each end as it is published, and asks identity for all of them at the
/// start, after every reconnect, and every few seconds, so that an end that Redis lost is known all the same.
package struct OnSessionEnded: Service {
    package let name = "revocations"
    private let revoked: RevokedSessions
    private let keys: KeySet
    private let subscriber: RedisSubscriber
    private let loop: EventLoop
    private let metrics: Metrics

    package init(
        revoked: RevokedSessions, keys: KeySet, redis: RedisSettings, channel: String, on loop: EventLoop,
        metrics: Metrics
    ) {
        self.revoked = revoked
        self.keys = keys
        self.loop = loop
        self.metrics = metrics
        subscriber = RedisSubscriber(redis, channels: [channel], on: loop) { event in
            switch event {
            case .connected: loop.spawn("revocations") { await revoked.synchronise() }
            case .message(_, let payload): Self.hear(payload, revoked)
            }
        }
    }

    package func start() async throws {
        await keys.refresh()
        await revoked.synchronise()
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await subscriber.run() }
            for job in jobs { group.addTask { await job.run() } }
        }
    }

    private struct NotSynchronised: Error {}
    private struct NoKeys: Error {}

    private var jobs: [PeriodicJob] {
        [
            PeriodicJob(
                "revocations", every: .seconds(3), backoff: Backoff(base: .seconds(1), cap: .seconds(1)),
                wake: WakeSignal(on: loop), metrics: metrics,
                work: {
                    await revoked.synchronise()
                    if !revoked.isSynced { throw NotSynchronised() }
                }),
            // Rotated keys are published long before they sign; a minute's delay is nothing.
            PeriodicJob(
                "signing keys", every: .seconds(60), backoff: Backoff(base: .seconds(1), cap: .seconds(3)),
                wake: WakeSignal(on: loop), metrics: metrics,
                work: {
                    await keys.refresh()
                    if keys.current.keys.isEmpty { throw NoKeys() }
                }),
        ]
    }

    private static func hear(_ payload: [UInt8], _ revoked: RevokedSessions) {
        guard let json = try? JSONReader.read(payload), let envelope = try? EventEnvelope(json: json),
            let sessions = try? ended(in: envelope)
        else { return }
        revoked.revoke(sessions)
    }

    private static func ended(in envelope: EventEnvelope) throws(Problem) -> [ID<Session>] {
        if let fact = try envelope.fact(of: Event.sessionEnded) { return [fact.session] }
        return try envelope.fact(of: Event.sessionsEnded)?.sessions ?? []
    }
}
