package import Kernel

/// The sessions that ended before their access tokens did. Identity's table is the list; this is one gateway's copy,
/// kept until no token of the session can be alive any more.
package struct Revocations: Sendable {
    private var ends: [ID<Session>: Instant] = [:]

    package init() {}

    package var count: Int { ends.count }

    /// - Parameter end: when the last access token of the session expires.
    package mutating func revoke(_ session: ID<Session>, until end: Instant) {
        if let known = ends[session], known >= end { return }
        ends[session] = end
    }

    package func isRevoked(_ session: ID<Session>) -> Bool { ends[session] != nil }

    /// Forgets what cannot matter any more.
    package mutating func prune(at now: Instant) { ends = ends.filter { $0.value > now } }
}
