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

/// An account that was let in or shut out.
package struct StandingFact: Sendable, Equatable {
    package let account: ID<Account>
    package let role: Role
    /// The account's version with this change: of two such facts the one with the greater number is the later, in
    /// whatever order they arrive. 0 in an event that was told before versions were.
    package let version: Int64

    package init(account: ID<Account>, role: Role, version: Int64) {
        self.account = account
        self.role = role
        self.version = version
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .choice("role", \.role),
        .laterNumber("account_version") { @Sendable fact in fact.version },
        sample: StandingFact(account: .sample(1), role: .staff, version: 2)
    ) { account, role, version in
        StandingFact(account: account, role: role, version: version.map { Int64($0) } ?? 0)
    }
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

/// A hospital that waits to be approved, and one administrator who may do it.
package struct HospitalReviewFact: Sendable, Equatable {
    /// The hospital's.
    package let account: ID<Account>
    package let hospital: ID<Hospital>
    package let reviewer: ID<Account>

    package init(account: ID<Account>, hospital: ID<Hospital>, reviewer: ID<Account>) {
        self.account = account
        self.hospital = hospital
        self.reviewer = reviewer
    }

    static let shape = EventShape(
        about: .id("account_id", \.account), .id("hospital_id", \.hospital), .id("reviewer_id", \.reviewer),
        sample: HospitalReviewFact(account: .sample(1), hospital: .sample(7), reviewer: .sample(1)),
        make: HospitalReviewFact.init)
}

/// Records opened without their patient, and one administrator who is to hear of it.
package struct BreakGlassReportFact: Sendable, Equatable {
    package let grant: ID<AccessGrant>
    package let administrator: ID<Account>

    package init(grant: ID<AccessGrant>, administrator: ID<Account>) {
        self.grant = grant
        self.administrator = administrator
    }

    static let shape = EventShape(
        about: .id("access_grant_id", \.grant), .id("account_id", \.administrator),
        sample: BreakGlassReportFact(grant: .sample(14), administrator: .sample(1)), make: BreakGlassReportFact.init)
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
