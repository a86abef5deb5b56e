import JSON
package import Kernel

/// What an access token says (RFC 9068, with our session in `sid`): who, in which role and tenant, in which session,
/// until when.
package struct AccessClaims: Sendable, Equatable {
    package let account: ID<Account>
    package let session: ID<Session>
    package let role: Role
    package let tenant: ID<Tenant>?
    /// The name people log in with, where the client's profile asks for it.
    package let username: String?
    /// Whether the account has to set up a second factor before it may do anything else.
    package let isEnrolling: Bool
    /// Whether the account has to choose a password in place of a generated one before it may do anything else.
    package let mustChangePassword: Bool
    /// Whole seconds on the wire; `nbf` is always equal to `iat`.
    package let issuedAt: Instant
    package let expiresAt: Instant
    /// `jti`: this token's own name.
    package let id: String

    package init(
        account: ID<Account>, session: ID<Session>, role: Role, tenant: ID<Tenant>? = nil, username: String? = nil,
        isEnrolling: Bool = false, mustChangePassword: Bool = false, issuedAt: Instant, expiresAt: Instant,
        id: String = Base64URL.encode(Random.bytes(16))
    ) {
        self.isEnrolling = isEnrolling
        self.mustChangePassword = mustChangePassword
        self.account = account
        self.session = session
        self.role = role
        self.tenant = tenant
        self.username = username
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.id = id
    }

    package var caller: Caller {
        Caller(
            account: account, role: role, tenant: tenant, session: session, isEnrolling: isEnrolling,
            mustChangePassword: mustChangePassword)
    }

    func payload(issuer: String, audience: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 384)
        writer.object {
            $0.field("iss", issuer)
            $0.field("aud", audience)
            $0.field("sub", account.description)
            $0.field("sid", session.description)
            $0.field("role", role.rawValue)
            if let tenant { $0.field("tenant", tenant.description) }
            if let username { $0.field("username", username) }
            if isEnrolling { $0.field("enrolling", true) }
            if mustChangePassword { $0.field("must_change_password", true) }
            $0.field("iat", issuedAt.seconds)
            $0.field("nbf", issuedAt.seconds)
            $0.field("exp", expiresAt.seconds)
            $0.field("jti", id)
        }
        return writer.bytes
    }

    /// Reads strictly: each claim there, once, and of its kind; times are whole seconds that fit our calendar.
    init(_ payload: JSONValue) throws(TokenRefusal) {
        guard let subject = payload["sub"]?.string, let account = ID<Account>(subject),
            let sid = payload["sid"]?.string, let session = ID<Session>(sid),
            let role = payload["role"]?.string.flatMap({ Role(rawValue: $0) }),
            let issued = Self.time(payload["iat"]), let expires = Self.time(payload["exp"]),
            let id = payload["jti"]?.string, !id.isEmpty, id.utf8.count <= 128
        else { throw .claims }
        let tenant = try Self.optional(payload["tenant"]) { ID<Tenant>($0) }
        let username = try Self.optional(payload["username"]) { $0 }
        self.init(
            account: account, session: session, role: role, tenant: tenant, username: username,
            isEnrolling: try Self.restriction(payload["enrolling"]),
            mustChangePassword: try Self.restriction(payload["must_change_password"]), issuedAt: issued,
            expiresAt: expires, id: id)
    }

    /// What cannot be read must not pass for no restriction.
    private static func restriction(_ claim: JSONValue?) throws(TokenRefusal) -> Bool {
        guard let claim else { return false }
        guard let isRestricted = claim.bool else { throw .claims }
        return isRestricted
    }

    /// Seconds from 1970 to the year 9999, so that no arithmetic on them can overflow.
    static func time(_ value: JSONValue?) -> Instant? {
        guard let seconds = value?.integer, (0...253_402_300_799).contains(seconds) else { return nil }
        return Instant(seconds: seconds)
    }

    private static func optional<Value>(
        _ claim: JSONValue?, _ read: (String) -> Value?
    ) throws(TokenRefusal) -> Value? {
        guard let claim else { return nil }
        guard let text = claim.string, let value = read(text) else { throw .claims }
        return value
    }
}
