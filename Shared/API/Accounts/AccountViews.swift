package import Kernel

/// An account as its owner and administrators see it; never anything about its password.
package struct UserView: View {
    package let id: ID<Account>
    package let username: String
    package let name: String
    package let email: String
    package let role: Role
    package let createdAt: Instant

    package init(
        id: ID<Account>, username: String, name: String, email: String, role: Role, createdAt: Instant
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.email = email
        self.role = role
        self.createdAt = createdAt
    }

    package static let shape = Shape<UserView>(
        "User", .id("id") { $0.id }, .text("username") { $0.username }, .text("name") { $0.name },
        .text("email") { $0.email }, .choice("role", Role.allCases.map(\.rawValue)) { $0.role.rawValue },
        .instant("created_at") { $0.createdAt })
}

/// The tokens of a session that has just begun.
package struct TokensView: View {
    package let access: String
    package let refresh: String

    package init(access: String, refresh: String) {
        self.access = access
        self.refresh = refresh
    }

    package static let shape = Shape<TokensView>(
        "Tokens", .text("access") { $0.access }, .text("refresh") { $0.refresh })
}

/// What registering and logging in answer.
package struct SignedInView: View {
    package let user: UserView
    package let tokens: TokensView
    /// Whether the tokens open nothing but choosing another password.
    package let mustChangePassword: Bool

    package init(user: UserView, tokens: TokensView, mustChangePassword: Bool = false) {
        self.user = user
        self.tokens = tokens
        self.mustChangePassword = mustChangePassword
    }

    package static let shape = Shape<SignedInView>(
        "SignedIn", .view("user") { $0.user }, .view("tokens") { $0.tokens },
        .flag("must_change_password") { $0.mustChangePassword })
}

/// The tokens as seed 004's clients know them (RFC 6749 §5.1 names).
package struct BearerTokensView: View {
    package let access: String
    package let refresh: String
    /// Seconds the access token lives.
    package let expiresIn: Int

    package init(access: String, refresh: String, expiresIn: Int) {
        self.access = access
        self.refresh = refresh
        self.expiresIn = expiresIn
    }

    package static let shape = Shape<BearerTokensView>(
        "BearerTokens", .text("access") { $0.access }, .text("refresh") { $0.refresh },
        .text("token_type") { _ in "Bearer" }, .integer("expires_in") { $0.expiresIn })
}

/// An account with what administrators see of it.
package struct ProfileView: View {
    package let user: UserView
    package let isActive: Bool
    package let tenant: ID<Tenant>?
    package let updatedAt: Instant
    package let lastLogin: Instant?

    package init(user: UserView, isActive: Bool, tenant: ID<Tenant>?, updatedAt: Instant, lastLogin: Instant?) {
        self.user = user
        self.isActive = isActive
        self.tenant = tenant
        self.updatedAt = updatedAt
        self.lastLogin = lastLogin
    }

    package static let shape = Shape<ProfileView>(
        "Profile", .id("id") { $0.user.id }, .text("username") { $0.user.username }, .text("name") { $0.user.name },
        .text("email") { $0.user.email }, .choice("role", Role.allCases.map(\.rawValue)) { $0.user.role.rawValue },
        .boolean("is_active") { $0.isActive }, .maybeID("tenant_id") { $0.tenant },
        .instant("created_at") { $0.user.createdAt }, .instant("updated_at") { $0.updatedAt },
        .maybeInstant("last_login") { $0.lastLogin })
}

/// The caller's own account, and the email it is to have once that is proven.
package struct OwnProfileView: View {
    package let profile: ProfileView
    package let pendingEmail: String?

    package init(profile: ProfileView, pendingEmail: String?) {
        self.profile = profile
        self.pendingEmail = pendingEmail
    }

    package static let shape = Shape<OwnProfileView>(
        "OwnProfile", ProfileView.shape.of { $0.profile }, .maybe("pending_email") { $0.pendingEmail })
}
