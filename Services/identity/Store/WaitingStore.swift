import API
import Crypto
import IdentityDomain
package import Kernel
package import Postgres

/// Accounts that wait for their entry to be committed elsewhere.
extension AccountStore {
    /// Takes an email for one of this role, as far as accounts go, until the transaction ends: whoever else wants it in
    /// this role waits, and then finds what was kept. Throws when it is taken.
    package func claim(
        _ email: Email, as role: Role, in tx: Transaction
    ) async throws {
        let index = vault.emails.exact(email.comparable)
        try await tx.run(
            "select pg_advisory_xact_lock(hashtextextended(encode(\(index), 'hex') || \(role.rawValue), 0))")
        let isTaken = Column<Bool>(
            """
            exists (select 1 from account where role = \(role.rawValue) and email_index = \(index)
                and is_self_registered and confirmed_at is not null)
            """)
        if try await tx.run(isTaken).one { throw AccountStore.emailTaken(as: role) }
    }

    /// In the words of the document that describes this role's registration.
    package static func emailTaken(as role: Role) -> Problem {
        switch role {
        case .doctor: .field("email", "A provider with this email already exists.")
        case .patient: .field("email", "Email is already registered")
        case .hospital: .field("email", "A hospital with this email already exists.")
        case .admin, .staff: emailTaken
        }
    }

    /// Keeps the account under the first of these usernames that is free.
    func insert(
        underFirstFree names: [String], passwordHash: String, awaiting registrant: ID<Registrant>? = nil,
        in tx: Transaction, _ account: (String) -> UserAccount
    ) async throws -> UserAccount {
        for name in names {
            let account = account(name)
            if try await insert(account, passwordHash: passwordHash, awaiting: registrant, in: tx) { return account }
        }
        throw AccountStore.usernameTaken
    }

    /// What confirming found.
    package enum Confirmation: Sendable, Equatable {
        case unknown, confirmedBefore
        case confirmedNow(Role, isSelfRegistered: Bool)
    }

    package func confirm(_ id: ID<Account>, at now: Instant, in tx: Transaction) async throws -> Confirmation {
        let confirmed = try await tx.run(
            Projection(Column<Role>("role"), Column<Bool>("is_self_registered")),
            refusals: ["account_email_key": AccountStore.emailTaken]
        ) {
            """
            update account set confirmed_at = \(now) where account_id = \(id) and confirmed_at is null
            returning \($0)
            """
        }
        if let (role, isSelfRegistered) = confirmed.first {
            return .confirmedNow(role, isSelfRegistered: isSelfRegistered)
        }
        let isKnown = Column<Bool>("exists (select 1 from account where account_id = \(id))")
        return try await tx.run(isKnown).one ? .confirmedBefore : .unknown
    }

    /// Accounts that wait since before `then`, the oldest first; some at a time.
    package func waiting(since then: Instant) async throws -> [(id: ID<Account>, createdAt: Instant)] {
        try await database.read(Projection(Column<ID<Account>>("account_id"), Column<Instant>("created_at"))) {
            """
            select \($0) from account where confirmed_at is null and created_at < \(then)
            order by created_at limit 100
            """
        }.map { (id: $0, createdAt: $1) }
    }

    /// Forgets an account that still waits.
    package func abandon(_ id: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run("delete from account where account_id = \(id) and confirmed_at is null").affected == 1
    }

    /// Administrators who can act.
    /// - Parameter limit: how many, where anybody may cause what is mailed to them; nil for every one.
    package func administrators(atMost limit: Int? = 50, in tx: Transaction) async throws -> [ID<Account>] {
        try await tx.run(Column<ID<Account>>("account_id")) {
            """
            select \($0) from account where role = \(Role.admin) and is_active
                and confirmed_at is not null
            order by account_id limit \(limit)
            """
        }
    }
}
