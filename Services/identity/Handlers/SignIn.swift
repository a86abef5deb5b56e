import API
import IdentityDomain
import Kernel
import Postgres
import Web

/// Opens a session: what registering and logging in end with.
package struct SignIn: Sendable {
    let sessions: SessionStore
    let mint: TokenMint

    package init(sessions: SessionStore, mint: TokenMint) { (self.sessions, self.mint) = (sessions, mint) }

    func open(
        for account: UserAccount, hasFactor: Bool = false, on call: Call, at now: Instant, in tx: Transaction
    ) async throws -> TokensView {
        let session = ID<Session>.make(at: now)
        let refresh = mint.refresh()
        try await sessions.open(
            SessionStore.Opening(
                id: session, account: account.id, device: String(call.userAgent.unicodeScalars.prefix(200)),
                address: call.clientAddress, startedAt: now, expiresAt: now + mint.lifetimes.refresh,
                tokenHash: TokenMint.hash(Secret(refresh))),
            in: tx)
        let caller = Caller(account: account.id, role: account.role, tenant: account.tenant, session: session)
        return TokensView(access: try mint.access(caller, hasFactor: hasFactor, at: now), refresh: refresh)
    }
}
