package import Kernel
package import Postgres

extension Scope {
    /// The database asked in the caller's name: row-level security compares with these.
    package init(_ caller: Caller) {
        self.init(
            account: caller.account.description, role: caller.role.rawValue, tenant: caller.tenant.description)
    }
}

extension Origin {
    /// The caller's scope; nil where nobody signed in, which the database answers with what is open to anyone.
    package var scope: Scope? { caller.map { Scope($0) } }
}
