package import Kernel

/// How long tokens and sessions live.
package struct TokenLifetimes: Sendable, Equatable {
    package let access: Duration
    /// Since the last refresh.
    package let refresh: Duration
    /// Since login, however often it was refreshed.
    package let session: Duration
    /// Within this time the predecessor gets the same successors again: two tabs, a lost answer.
    package let repeatWindow: Duration

    package init(
        access: Duration = .seconds(15 * 60), refresh: Duration = .seconds(7 * 86_400),
        session: Duration = .seconds(30 * 86_400), repeatWindow: Duration = .seconds(10)
    ) {
        self.access = access
        self.refresh = refresh
        self.session = session
        self.repeatWindow = repeatWindow
    }

    /// Until when a gateway must remember a session that ends now: any access token of it is dead then, the clocks of
    /// two machines and a refresh that was under way included.
    package func revocationEnds(endedAt: Instant) -> Instant { endedAt + access + .seconds(120) }
}

/// A session is a family of refresh tokens, each used once for the next (RFC 9700 §4.14). This machine decides what a
/// presented token brings; the store asks it, and one atomic statement holds it to its word.
package struct SessionFamily: Sendable, Equatable {
    package let startedAt: Instant
    package let endedAt: Instant?

    package init(startedAt: Instant, endedAt: Instant? = nil) {
        self.startedAt = startedAt
        self.endedAt = endedAt
    }

    /// A refresh token as it is kept.
    package struct Token: Sendable, Equatable {
        package let expiresAt: Instant
        /// When it was exchanged; nil while it is the newest of its family.
        package let usedAt: Instant?
        /// Whether the token it was exchanged for was itself exchanged meanwhile.
        package let isSuccessorUsed: Bool

        package init(expiresAt: Instant, usedAt: Instant? = nil, isSuccessorUsed: Bool = false) {
            self.expiresAt = expiresAt
            self.usedAt = usedAt
            self.isSuccessorUsed = isSuccessorUsed
        }
    }

    /// What is done with a refresh token that was presented.
    package enum Decision: Sendable, Equatable {
        /// Exchange it for a successor that lives until then.
        case rotate(successorExpiresAt: Instant)
        /// Answer what was answered before.
        case repeatAnswer
        /// Used a second time: someone has a copy. The whole family ends.
        case end
        /// Expired, or of a session that is over: nothing happens.
        case refuse
    }

    package func decide(on token: Token, at now: Instant, _ lifetimes: TokenLifetimes) -> Decision {
        guard endedAt == nil else { return .refuse }
        let end = startedAt + lifetimes.session
        guard let usedAt = token.usedAt else {
            guard now < token.expiresAt, now < end else { return .refuse }
            return .rotate(successorExpiresAt: min(now + lifetimes.refresh, end))
        }
        if !token.isSuccessorUsed, now - usedAt <= lifetimes.repeatWindow { return .repeatAnswer }
        return .end
    }
}
