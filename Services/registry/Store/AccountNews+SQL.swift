import Kernel
import Postgres
import RegistryDomain

extension AccountNews {
    /// What follows `update <table>`: the copy of this news beside the account's entry or record. What is known
    /// already, or is older than what is known, makes no new version.
    func change(of account: ID<Account>, at now: Instant) -> SQL {
        switch self {
        case .emailVerified:
            """
            set email_verified = true, version = version + 1, updated_at = \(now)
            where account_id = \(account) and not email_verified
            """
        case .phoneVerified:
            """
            set phone_verified = true, version = version + 1, updated_at = \(now)
            where account_id = \(account) and not phone_verified
            """
        case .standing(let isActive, let version):
            """
            set is_active = \(isActive)::boolean, account_version = \(version),
                version = version + (is_active <> \(isActive)::boolean)::integer,
                updated_at = case when is_active = \(isActive)::boolean then updated_at else \(now)::timestamptz end
            where account_id = \(account) and account_version <= \(version)
            """
        }
    }
}
