import API
package import Chassis
import Events
import IdentityDomain
import Kernel
import Postgres
import Web

/// Opens a session: the last step of registration and login. The account's owner gets a mail when it is on a device
/// the account was not used with before.
package struct SignIn: Sendable {
    let sessions: SessionStore
    let devices: DeviceStore
    let mint: TokenMint
    let ledger: Ledger

    package init(sessions: SessionStore, devices: DeviceStore, mint: TokenMint, ledger: Ledger) {
        self.sessions = sessions
        self.devices = devices
        self.mint = mint
        self.ledger = ledger
    }

    func open(
        for account: UserAccount, hasFactor: Bool = false, on userAgent: String, from origin: Origin, at now: Instant,
        in tx: Transaction
    ) async throws -> TokensView {
        let session = ID<Session>.make(at: now)
        let refresh = mint.refresh()
        try await sessions.open(
            SessionStore.Opening(
                id: session, account: account.id, device: String(userAgent.unicodeScalars.prefix(200)),
                address: origin.address ?? "", startedAt: now, expiresAt: now + mint.lifetimes.refresh,
                tokenHash: TokenMint.hash(Secret(refresh))),
            in: tx)
        try await note(session, of: account, on: userAgent, from: origin, at: now, in: tx)
        let caller = Caller(account: account.id, role: account.role, tenant: account.tenant, session: session)
        let access = try mint.access(
            caller, hasFactor: hasFactor, hasGeneratedPassword: account.hasGeneratedPassword, at: now)
        return TokensView(access: access, refresh: refresh)
    }

    private func note(
        _ session: ID<Session>, of account: UserAccount, on userAgent: String, from origin: Origin, at now: Instant,
        in tx: Transaction
    ) async throws {
        let device = Device(userAgent: userAgent, address: origin.address ?? "")
        let lastSeen = try await devices.note(device, of: account.id, at: now, in: tx)
        guard Device.isStrange(lastSeen: lastSeen, lastLogin: account.lastLogin, at: now) else { return }
        let fact = SessionFact(account: account.id, session: session)
        try await ledger.record(.newDeviceSeen(fact), by: account.id, from: origin, in: tx)
    }
}
