package import Kernel

/// The data of most of identity's events.
package struct AccountFact: Sendable, Equatable {
    package let account: ID<Account>
    package let role: Role

    package init(account: ID<Account>, role: Role) {
        self.account = account
        self.role = role
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .choice("role", \.role),
        sample: AccountFact(account: .sample(1), role: .staff), make: AccountFact.init)
}

/// A provider who waits to be verified, and one administrator who may do it.
package struct ReviewFact: Sendable, Equatable {
    /// The provider's.
    package let account: ID<Account>
    package let reviewer: ID<Account>

    package init(account: ID<Account>, reviewer: ID<Account>) {
        self.account = account
        self.reviewer = reviewer
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .id("reviewer_id", \.reviewer),
        sample: ReviewFact(account: .sample(1), reviewer: .sample(1)), make: ReviewFact.init)
}

/// One session of an account.
package struct SessionFact: Sendable, Equatable {
    package let account: ID<Account>
    package let session: ID<Session>

    package init(account: ID<Account>, session: ID<Session>) {
        self.account = account
        self.session = session
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .id("session_id", \.session),
        sample: SessionFact(account: .sample(1), session: .sample(2)), make: SessionFact.init)
}

/// Several sessions of an account.
package struct SessionsFact: Sendable, Equatable {
    package let account: ID<Account>
    package let sessions: [ID<Session>]

    package init(account: ID<Account>, sessions: [ID<Session>]) {
        self.account = account
        self.sessions = sessions
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .ids("session_ids", atMost: 10_000, \.sessions),
        sample: SessionsFact(account: .sample(1), sessions: [.sample(2)]), make: SessionsFact.init)
}
