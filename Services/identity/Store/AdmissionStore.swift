package import IdentityDomain
package import Kernel
package import Postgres

/// Who is let in of hospitals' accounts, as registry decides it.
extension AccountStore {
    /// Makes a new account one of its hospital: the hospital's own waits for approval, a doctor's stands as the
    /// hospital does. False when the hospital has no account.
    func place(_ account: ID<Account>, role: Role, in hospital: ID<Hospital>, _ tx: Transaction) async throws -> Bool {
        if role == .hospital {
            return try await tx.run(
                "update account set hospital_standing = 'pending' where account_id = \(account)"
            ).affected == 1
        }
        return try await tx.run(
            """
            update account set hospital_standing = own.hospital_standing, hospital_version = own.hospital_version
            from (
                select hospital_standing, hospital_version from account
                where tenant_id = \(hospital) and role = 'hospital' for share
            ) own
            where account_id = \(account)
            """
        ).affected == 1
    }

    /// Keeps how a hospital stands, in its account and its doctors'. Older news than what is known changes nothing. The
    /// email of a deleted one is free for another registration.
    /// - Returns: the accounts that changed.
    package func note(
        _ standing: HospitalStanding, version: Int64, of hospital: ID<Hospital>, in tx: Transaction
    ) async throws -> [ID<Account>] {
        try await tx.run(Column<ID<Account>>("account_id")) {
            """
            update account set hospital_standing = \(standing.rawValue), hospital_version = \(version),
                is_self_registered = is_self_registered and \(standing != .deleted)::boolean
            where tenant_id = \(hospital) and hospital_version < \(version) returning \($0)
            """
        }
    }

    /// Keeps whether a hospital lets a doctor in; false when nothing changed.
    package func note(
        isAdmitted: Bool, version: Int64, of account: ID<Account>, in tx: Transaction
    ) async throws -> Bool {
        try await tx.run(
            """
            update account set is_admitted = \(isAdmitted), admission_version = \(version)
            where account_id = \(account) and admission_version < \(version)
            """
        ).affected == 1
    }

    /// Shuts an account out for good, whose record is erased; false when it was done before.
    package func close(_ account: ID<Account>, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            """
            update account set is_admitted = false, admission_version = \(Int64.max), is_self_registered = false
            where account_id = \(account) and admission_version < \(Int64.max)
            """
        ).affected == 1
    }

    /// Usernames that begin with the text, in small letters.
    func usernames(beginningWith stem: String, in tx: Transaction) async throws -> Set<String> {
        Set(
            try await tx.run(Column<String>("lower(username)")) {
                "select \($0) from account where lower(username) like \(Self.beginning(stem.lowercased()))"
            })
    }

    /// Who waits under the username, and since when; nil when it is free or somebody's whose account counts.
    func waiting(under username: String) async throws -> (id: ID<Account>, since: Instant)? {
        let rows = try await database.read(Projection(Column<ID<Account>>("account_id"), Column<Instant>("created_at")))
        {
            """
            select \($0) from account where lower(username) = \(username.lowercased()) and confirmed_at is null
            """
        }
        guard let (id, since) = rows.first else { return nil }
        return (id, since)
    }
}
