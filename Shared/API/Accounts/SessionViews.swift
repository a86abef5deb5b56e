package import Kernel

/// One session of the caller.
package struct SessionView: View {
    package let id: ID<Session>
    /// The client as it named itself at login.
    package let device: String
    package let address: String
    package let createdAt: Instant
    package let lastUsedAt: Instant
    package let expiresAt: Instant
    package let isCurrent: Bool

    package init(
        id: ID<Session>, device: String, address: String, createdAt: Instant, lastUsedAt: Instant, expiresAt: Instant,
        isCurrent: Bool
    ) {
        self.id = id
        self.device = device
        self.address = address
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.isCurrent = isCurrent
    }

    package static let shape = Shape<SessionView>(
        "Session", .id("id") { $0.id }, .text("device") { $0.device }, .text("address") { $0.address },
        .instant("created_at") { $0.createdAt }, .instant("last_used_at") { $0.lastUsedAt },
        .instant("expires_at") { $0.expiresAt }, .boolean("is_current") { $0.isCurrent })
}

/// A session that ended while access tokens of it may still live.
package struct RevokedSessionView: View {
    package let session: ID<Session>
    /// From then on no access token of it can be valid, and a gateway may forget it.
    package let until: Instant

    package init(session: ID<Session>, until: Instant) {
        self.session = session
        self.until = until
    }

    package static let shape = Shape<RevokedSessionView>(
        "RevokedSession", .id("session_id") { $0.session }, .instant("until") { $0.until })
}

/// All of them, for a gateway that starts.
package struct RevocationsView: View {
    package let sessions: [RevokedSessionView]

    package init(sessions: [RevokedSessionView]) { self.sessions = sessions }

    package static let shape = Shape<RevocationsView>("Revocations", .views("sessions") { $0.sessions })
}
