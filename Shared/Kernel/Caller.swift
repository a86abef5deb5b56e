/// What an account may be: the five roles of the contract (api.md §2).
package enum Role: String, Sendable, Hashable, CaseIterable {
    case admin, hospital, doctor, patient, staff
}

/// In whose name a request is made: proven by the gateway, sent in the signed principal, required by every store.
package struct Caller: Sendable, Hashable {
    package let account: ID<Account>
    package let role: Role
    /// Whose data the caller works with: the hospital the account belongs to, or the account itself. Staff, patients,
    /// admins and doctors who registered alone are each their own tenant.
    package let tenant: ID<Tenant>
    package let session: ID<Session>
    /// Has to set up a second factor and may do nothing else until then. The gateway sees to that; services are not
    /// told, since nothing else reaches them.
    package let isEnrolling: Bool
    /// Has to choose a password in place of a generated one and may do nothing else until then; again the gateway's.
    package let mustChangePassword: Bool

    /// - Parameter tenant: nil of an account that belongs to no hospital.
    package init(
        account: ID<Account>, role: Role, tenant: ID<Tenant>? = nil, session: ID<Session>, isEnrolling: Bool = false,
        mustChangePassword: Bool = false
    ) {
        self.account = account
        self.role = role
        self.tenant = tenant ?? account.ownTenant
        self.session = session
        self.isEnrolling = isEnrolling
        self.mustChangePassword = mustChangePassword
    }
}

extension Caller {
    /// The hospital whose account this is, or which made the doctor; nil of whoever belongs to none.
    package var hospital: ID<Hospital>? {
        switch role {
        case .hospital: tenant.retyped()
        case .doctor: tenant == account.ownTenant ? nil : tenant.retyped()
        case .admin, .patient, .staff: nil
        }
    }
}

extension ID where Entity == Account {
    /// The tenant that an account is by itself.
    package var ownTenant: ID<Tenant> { ID<Tenant>(high: high, low: low) }
}
