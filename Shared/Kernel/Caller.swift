/// What an account may be: the five roles of the contract (api.md §2).
package enum Role: String, Sendable, Hashable, CaseIterable {
    case admin, hospital, doctor, patient, staff
}

/// In whose name a request is made: proven by the gateway, carried in the signed principal, asked for by every store.
package struct Caller: Sendable, Hashable {
    package let account: ID<Account>
    package let role: Role
    /// The organisation the account belongs to, where it belongs to one.
    package let tenant: ID<Tenant>?
    package let session: ID<Session>
    /// Has to set up a second factor and may do nothing else until then. The gateway sees to that; services are not told,
    /// since nothing else reaches them.
    package let isEnrolling: Bool

    package init(
        account: ID<Account>, role: Role, tenant: ID<Tenant>? = nil, session: ID<Session>, isEnrolling: Bool = false
    ) {
        (self.account, self.role, self.tenant, self.session) = (account, role, tenant, session)
        self.isEnrolling = isEnrolling
    }
}
