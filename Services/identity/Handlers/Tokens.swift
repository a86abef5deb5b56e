package import API
package import Chassis
import Crypto
import Events
import IdentityDomain
package import Kernel
import Observability
package import Postgres
package import Web

/// Exchanging refresh tokens, and what verifiers of access tokens ask.
package struct Tokens: Sendable {
    let sessions: SessionStore
    let mint: TokenMint
    let database: Database
    let ledger: Ledger
    let clock: any WallClock

    package init(sessions: SessionStore, mint: TokenMint, database: Database, ledger: Ledger, clock: any WallClock) {
        self.sessions = sessions
        self.mint = mint
        self.database = database
        self.ledger = ledger
        self.clock = clock
    }

    package func refresh(_ input: RefreshToken, _ call: Call) async throws -> Item<TokensView> {
        Item(try await exchange(input.token, call))
    }

    package func refreshBare(_ input: RefreshToken, _ call: Call) async throws -> Bare<BearerTokensView> {
        Bare(mint.bearer(try await exchange(input.token, call)))
    }

    static let refusal = Problem(.invalidToken, "Token is invalid or expired.")

    private func exchange(_ token: Secret, _ call: Call) async throws -> TokensView {
        let hash = TokenMint.hash(token)
        // Who loses the race for the exchange looks again: the winner has left the answer.
        for _ in 0..<3 {
            guard let presented = try await sessions.presented(hash), presented.isAccountActive else {
                throw Tokens.refusal
            }
            let now = clock.now
            switch presented.family.decide(on: presented.token, at: now, mint.lifetimes) {
            case .refuse: throw Tokens.refusal
            case .repeatAnswer:
                guard let sealed = presented.sealedAnswer else { throw Tokens.refusal }
                return try TokenMint.open(sealed, with: token)
            case .end:
                try await endFamily(of: presented, at: now, call)
                throw Tokens.refusal
            case .rotate(let expiry):
                let answer = TokensView(
                    access: try mint.access(
                        presented.caller, hasFactor: presented.hasSecondFactor,
                        hasGeneratedPassword: presented.hasGeneratedPassword, at: now),
                    refresh: mint.refresh())
                let exchange = SessionStore.Exchange(
                    token: hash, successor: TokenMint.hash(Secret(answer.refresh)), successorExpiresAt: expiry,
                    sealedAnswer: try TokenMint.seal(answer, for: token))
                if try await sessions.exchange(exchange, at: now) { return answer }
            }
        }
        throw Problem.unavailable(retryAfter: 1)
    }

    /// A token came twice: one of the two who had it is a thief, and nobody knows which.
    private func endFamily(of presented: SessionStore.Presented, at now: Instant, _ call: Call) async throws {
        try await database.transaction { tx in
            guard
                try await sessions.end(
                    presented.session, of: presented.account, because: .tokenReused, at: now, in: tx)
            else { return }
            let fact = SessionFact(account: presented.account, session: presented.session)
            try await ledger.record(.sessionEnded(fact), as: "session.token_reused", from: call.origin, in: tx)
        }
        log.warning("refresh token reused, session ended", ["session": presented.session])
    }

    package func keySet(_: NoInput, _ call: Call) async throws -> Bare<KeySetView> {
        let keys = mint.ring.published.map { key in
            PublicKeyView(keyID: key.id, x: Base64URL.encode(key.x), y: Base64URL.encode(key.y))
        }
        return Bare(KeySetView(keys: keys))
    }

    package func discovery(_: NoInput, _ call: Call) async throws -> Bare<DiscoveryView> {
        Bare(DiscoveryView(issuer: mint.issuer))
    }

    package func revocations(_: NoInput, _ call: Call) async throws -> Bare<RevocationsView> {
        let lifetimes = mint.lifetimes
        let reach = lifetimes.revocationEnds(endedAt: clock.now) - clock.now
        let ended = try await sessions.ended(since: clock.now - reach)
        return Bare(
            RevocationsView(
                sessions: ended.map {
                    RevokedSessionView(session: $0.session, until: lifetimes.revocationEnds(endedAt: $0.at))
                }))
    }
}

extension TokenMint {
    func bearer(_ tokens: TokensView) -> BearerTokensView {
        BearerTokensView(
            access: tokens.access, refresh: tokens.refresh, expiresIn: Int(lifetimes.access.components.seconds))
    }
}

extension SessionStore.Presented {
    var caller: Caller { Caller(account: account, role: role, tenant: tenant, session: session) }
}
