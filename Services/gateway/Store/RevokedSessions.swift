import API
package import Chassis
import GatewayDomain
import JSON
package import Kernel
import Lifecycle

/// This gateway's list of sessions that ended before their tokens: received over pub/sub, completed from identity.
package final class RevokedSessions: Sendable {
    private let services: ServiceClient
    private let clock: any WallClock
    private let lifetime: Duration
    private let list = Locked(Revocations())
    private let synced = Locked(false)

    /// - Parameter lifetime: how long an access token lives at most, leeway included.
    package init(services: ServiceClient, lifetime: Duration, clock: any WallClock) {
        self.services = services
        self.lifetime = lifetime
        self.clock = clock
    }

    /// Whether the list was ever complete.
    package var isSynced: Bool { synced.withLock { $0 } }

    package func isRevoked(_ session: ID<Session>) -> Bool { list.withLock { $0.isRevoked(session) } }

    /// Asks identity, whose table is the list.
    package func synchronise() async {
        guard let answer = try? await services.ask(TokensAPI.revocations.declaration, within: .seconds(2)),
            let sessions = answer["sessions"]?.array
        else { return }
        let now = clock.now
        list.withLock { list in
            for entry in sessions {
                guard let session = entry["session_id"]?.string.flatMap({ ID<Session>($0) }) else { continue }
                let end = entry["until"]?.string.flatMap { Instant(rfc3339: $0) }
                list.revoke(session, until: end ?? now + lifetime)
            }
            list.prune(at: now)
        }
        synced.withLock { $0 = true }
    }

    /// For as long as their access tokens may live.
    package func revoke(_ sessions: [ID<Session>]) {
        let end = clock.now + lifetime
        list.withLock { list in
            for session in sessions { list.revoke(session, until: end) }
        }
    }
}
