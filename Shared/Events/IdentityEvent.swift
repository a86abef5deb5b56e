package import Forms
package import JSON
package import Kernel

/// What identity tells: accounts coming to be, and sessions ending (which every gateway must hear within a second).
package enum IdentityEvent: Event, Equatable {
    case accountRegistered(AccountFact)
    case accountUpdated(AccountFact)
    case passwordChanged(AccountFact)
    case accountActivated(AccountFact)
    case accountDeactivated(AccountFact)
    /// A mail with a token that proves the account's email is wanted: after registration, and when asked for again.
    case verificationRequested(AccountFact)
    case emailVerified(AccountFact)
    /// A text message with a code that proves the account's phone is wanted.
    case phoneCodeRequested(AccountFact)
    case phoneVerified(AccountFact)
    /// A mail with a link that sets a new password is wanted.
    case passwordResetRequested(AccountFact)
    /// Somebody logged in from a device the account was not seen on before.
    case newDeviceSeen(SessionFact)
    case secondFactorEnabled(AccountFact)
    case secondFactorDisabled(AccountFact)
    /// A provider registered; told once for each administrator who may review them.
    case reviewAsked(ReviewFact)
    /// One session ended: logout, a refresh token used twice, an end by the account itself.
    case sessionEnded(SessionFact)
    /// All sessions of the account ended, but for `except`.
    case sessionsEnded(SessionsFact)

    package struct AccountFact: Sendable, Equatable {
        package let account: ID<Account>
        package let role: Role
        package init(account: ID<Account>, role: Role) { (self.account, self.role) = (account, role) }
    }
    package struct ReviewFact: Sendable, Equatable {
        /// The provider's.
        package let account: ID<Account>
        package let reviewer: ID<Account>
        package init(account: ID<Account>, reviewer: ID<Account>) {
            (self.account, self.reviewer) = (account, reviewer)
        }
    }
    package struct SessionFact: Sendable, Equatable {
        package let account: ID<Account>
        package let session: ID<Session>
        package init(account: ID<Account>, session: ID<Session>) { (self.account, self.session) = (account, session) }
    }
    package struct SessionsFact: Sendable, Equatable {
        package let account: ID<Account>
        /// The sessions that ended.
        package let sessions: [ID<Session>]
        package init(account: ID<Account>, sessions: [ID<Session>]) {
            (self.account, self.sessions) = (account, sessions)
        }
    }

    package static let source = "identity"

    package var name: String {
        switch self {
        case .accountRegistered: "identity.account_registered.v1"
        case .accountUpdated: "identity.account_updated.v1"
        case .passwordChanged: "identity.password_changed.v1"
        case .accountActivated: "identity.account_activated.v1"
        case .accountDeactivated: "identity.account_deactivated.v1"
        case .verificationRequested: "identity.verification_requested.v1"
        case .emailVerified: "identity.email_verified.v1"
        case .phoneCodeRequested: "identity.phone_code_requested.v1"
        case .phoneVerified: "identity.phone_verified.v1"
        case .passwordResetRequested: "identity.password_reset_requested.v1"
        case .newDeviceSeen: "identity.new_device_seen.v1"
        case .secondFactorEnabled: "identity.second_factor_enabled.v1"
        case .secondFactorDisabled: "identity.second_factor_disabled.v1"
        case .reviewAsked: "identity.review_asked.v1"
        case .sessionEnded: "identity.session_ended.v1"
        case .sessionsEnded: "identity.sessions_ended.v1"
        }
    }

    package var subject: String {
        switch self {
        case .accountRegistered(let fact), .accountUpdated(let fact), .passwordChanged(let fact),
            .accountActivated(let fact), .accountDeactivated(let fact), .verificationRequested(let fact),
            .emailVerified(let fact), .phoneCodeRequested(let fact), .phoneVerified(let fact),
            .passwordResetRequested(let fact), .secondFactorEnabled(let fact), .secondFactorDisabled(let fact):
            fact.account.description
        case .reviewAsked(let fact): fact.account.description
        case .sessionEnded(let fact), .newDeviceSeen(let fact): fact.account.description
        case .sessionsEnded(let fact): fact.account.description
        }
    }

    package var data: JSONValue {
        switch self {
        case .accountRegistered(let fact), .accountUpdated(let fact), .passwordChanged(let fact),
            .accountActivated(let fact), .accountDeactivated(let fact), .verificationRequested(let fact),
            .emailVerified(let fact), .phoneCodeRequested(let fact), .phoneVerified(let fact),
            .passwordResetRequested(let fact), .secondFactorEnabled(let fact), .secondFactorDisabled(let fact):
            ["account_id": .string(fact.account.description), "role": .string(fact.role.rawValue)]
        case .reviewAsked(let fact):
            [
                "account_id": .string(fact.account.description),
                "reviewer_id": .string(fact.reviewer.description),
            ]
        case .sessionEnded(let fact), .newDeviceSeen(let fact):
            [
                "account_id": .string(fact.account.description),
                "session_id": .string(fact.session.description),
            ]
        case .sessionsEnded(let fact):
            [
                "account_id": .string(fact.account.description),
                "session_ids": .array(fact.sessions.map { .string($0.description) }),
            ]
        }
    }

    private static let accountForm = Form(.id("account_id", of: Account.self), .choice("role") as Field<Role>)
    private static let reviewForm = Form(.id("account_id", of: Account.self), .id("reviewer_id", of: Account.self))
    private static let sessionForm = Form(.id("account_id", of: Account.self), .id("session_id", of: Session.self))
    private static let sessionsForm = Form(
        .id("account_id", of: Account.self), .texts("session_ids", 36...36, atMost: 10_000))

    package init?(name: String, data: Source) throws(Problem) {
        func account() throws(Problem) -> AccountFact {
            let (account, role) = try Self.accountForm.read(data)
            return AccountFact(account: account, role: role)
        }
        func session() throws(Problem) -> SessionFact {
            let (account, session) = try Self.sessionForm.read(data)
            return SessionFact(account: account, session: session)
        }
        switch name {
        case "identity.account_registered.v1": self = .accountRegistered(try account())
        case "identity.account_updated.v1": self = .accountUpdated(try account())
        case "identity.password_changed.v1": self = .passwordChanged(try account())
        case "identity.account_activated.v1": self = .accountActivated(try account())
        case "identity.account_deactivated.v1": self = .accountDeactivated(try account())
        case "identity.verification_requested.v1": self = .verificationRequested(try account())
        case "identity.email_verified.v1": self = .emailVerified(try account())
        case "identity.phone_code_requested.v1": self = .phoneCodeRequested(try account())
        case "identity.phone_verified.v1": self = .phoneVerified(try account())
        case "identity.password_reset_requested.v1": self = .passwordResetRequested(try account())
        case "identity.new_device_seen.v1": self = .newDeviceSeen(try session())
        case "identity.second_factor_enabled.v1": self = .secondFactorEnabled(try account())
        case "identity.second_factor_disabled.v1": self = .secondFactorDisabled(try account())
        case "identity.review_asked.v1":
            let (account, reviewer) = try Self.reviewForm.read(data)
            self = .reviewAsked(ReviewFact(account: account, reviewer: reviewer))
        case "identity.session_ended.v1": self = .sessionEnded(try session())
        case "identity.sessions_ended.v1":
            let (account, texts) = try Self.sessionsForm.read(data)
            self = .sessionsEnded(SessionsFact(account: account, sessions: texts.compactMap { ID<Session>($0) }))
        default: return nil
        }
    }
}
