/// In whose name data is asked for. Row-level security reads it through `current_setting('praxis.account')`,
/// `praxis.role` and `praxis.tenant`, which are empty texts where nobody is named.
package struct Scope: Sendable, Hashable {
    package let account: String
    package let role: String
    package let tenant: String?

    package init(account: String, role: String, tenant: String? = nil) {
        self.account = account
        self.role = role
        self.tenant = tenant
    }

    /// The service itself, whose policies show it every row: jobs, reactions, and what one caller's change does to
    /// others' rows.
    package static let service = Scope(account: "", role: "service")

    static let nobody = Scope(account: "", role: "")

    /// Holds until the transaction ends, the implicit one of a batch included.
    var statement: SQL {
        """
        select set_config('praxis.account', \(account), true), set_config('praxis.role', \(role), true), \
        set_config('praxis.tenant', \(tenant ?? ""), true)
        """
    }
}
