// IdentityDomain: what identity decides, as functions of values. Who an account is, when a refresh token may still be
// exchanged, how long a guesser waits, which key signs. Time and chance come in as arguments; keeping is the stores'.

package import Kernel

/// Someone who can log in. How their password is kept is the store's business and stays there.
package struct UserAccount: Sendable, Equatable {
    package let id: ID<Account>
    package var username: String
    package var name: String
    package var email: Email
    package let role: Role
    package var isActive: Bool
    /// Made by the person, not by a hospital: only then is the email theirs alone within the role.
    package let isSelfRegistered: Bool
    /// Made for the owner, who did not choose another one yet.
    package let hasGeneratedPassword: Bool
    package let tenant: ID<Tenant>?
    package let createdAt: Instant
    package var updatedAt: Instant
    package var lastLogin: Instant?
    /// Counts changes: what an ETag is made from.
    package var version: Int64

    package init(
        id: ID<Account>, username: String, name: String, email: Email, role: Role, isActive: Bool = true,
        isSelfRegistered: Bool = true, hasGeneratedPassword: Bool = false, tenant: ID<Tenant>? = nil,
        createdAt: Instant, updatedAt: Instant? = nil, lastLogin: Instant? = nil, version: Int64 = 1
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.email = email
        self.role = role
        self.isActive = isActive
        self.isSelfRegistered = isSelfRegistered
        self.hasGeneratedPassword = hasGeneratedPassword
        self.tenant = tenant
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
        self.lastLogin = lastLogin
        self.version = version
    }

    /// The account after its owner changed it, or nil when nothing is different. Another email only waits here, until
    /// it is proven (`moved`); the same one in other letters is taken at once. Whose email also stands in an entry or a
    /// record, proven and nobody else's there, does not change it here alone.
    /// - Parameter pending: the address that waits already.
    package func changed(
        name: String, email: Email, pending: Email? = nil, at now: Instant
    ) throws(Problem) -> UserAccount? {
        let isOther = email != self.email
        if isOther, isSelfRegistered, role == .doctor || role == .patient || role == .hospital {
            throw .field("email", "The email of a registered provider, patient or hospital cannot be changed here.")
        }
        let isDifferent = isOther ? email != pending : email.text != self.email.text
        guard name != self.name || isDifferent else { return nil }
        var copy = self
        copy.name = name
        if !isOther { copy.email = email }
        copy.updatedAt = now
        copy.version = version + 1
        return copy
    }

    /// The account under the email that its owner has proven.
    package func moved(to email: Email, at now: Instant) -> UserAccount {
        var copy = self
        copy.email = email
        copy.updatedAt = now
        copy.version = version + 1
        return copy
    }

    /// The account after an administrator switched it on or off, or nil when it already is as wanted. Nobody switches
    /// off themselves: the last administrator would lock the door from outside.
    package func switched(active: Bool, by caller: ID<Account>, at now: Instant) throws(Problem) -> UserAccount? {
        if !active, caller == id { throw .conflict("You cannot deactivate your own account.") }
        guard active != isActive else { return nil }
        var copy = self
        copy.isActive = active
        copy.updatedAt = now
        copy.version = version + 1
        return copy
    }
}
