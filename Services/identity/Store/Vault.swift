package import Crypto
import Kernel
package import Postgres
import Sealing

/// What seals identity's personal columns and finds them again: a data key per account, one of the service's own for
/// its sessions, the keyed indexes of emails, of devices and of what was typed at login, and what codes are kept under.
package struct Vault: Sendable {
    let sealer: Sealer
    /// Unwrapped at each read: where no account is found, as much time is spent.
    let accounts: DataKeys<Account>
    let sessions: DataKey
    let emails: BlindIndex
    let attempts: BlindIndex
    let devices: BlindIndex
    /// What one-time codes are kept under.
    let codes: HMACKey

    private init(sealer: Sealer, keys: ServiceKeys) {
        self.sealer = sealer
        accounts = DataKeys(of: "account", sealer: sealer, cached: 0)
        sessions = keys.sealing
        emails = keys.index(of: "account.email")
        attempts = keys.index(of: "login.subject")
        devices = keys.index(of: "account.device")
        codes = keys.secret
    }

    /// Opens the service's own keys, which the first process of all makes.
    package static func open(_ database: Database, sealer: Sealer) async throws -> Vault {
        Vault(
            sealer: sealer,
            keys: try await ServiceKeys.open(
                database, sealer: sealer, purpose: "identity columns", column: "wrapped_key"))
    }
}
