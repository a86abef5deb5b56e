import Crypto
import Events
import JSON
import Kernel
import Lifecycle
package import Net
package import Redis

/// Keeps the list of revoked sessions: hears each end as it is published, and asks identity for all of them at the start,
/// after every reconnect, and every few seconds, so that an end that Redis lost is known all the same.
package struct OnSessionEnded: Service {
    package let name = "revocations"
    private let revoked: RevokedSessions
    private let keys: KeySet
    private let subscriber: RedisSubscriber
    private let loop: EventLoop

    package init(
        revoked: RevokedSessions, keys: KeySet, redis: RedisSettings, channel: String, on loop: EventLoop
    ) {
        (self.revoked, self.keys, self.loop) = (revoked, keys, loop)
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
        let shutdown = Shutdown.current
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await subscriber.run() }
            var rounds = 0
            while !shutdown.isRequested {
                await Pause.wait(.seconds(revoked.isSynced ? 3 : 1), on: loop, unless: shutdown)
                if shutdown.isRequested { break }
                await revoked.synchronise()
                rounds += 1
                // Rotated keys are published long before they sign; a minute's delay is nothing.
                if rounds % 20 == 0 || keys.current.keys.isEmpty { await keys.refresh() }
            }
            group.cancelAll()
        }
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
