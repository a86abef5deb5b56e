import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

/// Hospitals. Their data is there to be read; whom a hospital is shown to, the domain says.
package struct HospitalStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package static let emailTaken = Problem.field("email", "A hospital with this email already exists.")
    package static let licenseTaken = Problem.field(
        "license_number", "A hospital with this license number already exists.")
    private static let refusals: Refusals = ["hospital_email_key": emailTaken, "hospital_license_key": licenseTaken]

    /// All that another hospital has already. The constraints decide; this tells it all at once, and spares the
    /// hashing.
    package func taken(email: Email?, license: String?) async throws -> [Problem.FieldFaults] {
        let taken = Projection(
            Column<Bool>(
                """
                exists (select 1 from hospital where email_key = \(email?.comparable) and deleted_at is null)
                """),
            Column<Bool>(
                """
                exists (select 1 from hospital
                    where upper(license_number) = \(license?.uppercased()) and deleted_at is null)
                """))
        let (isEmailTaken, isLicenseTaken) = try await database.read(taken).one
        return (isEmailTaken ? Self.emailTaken.errors : []) + (isLicenseTaken ? Self.licenseTaken.errors : [])
    }

    /// Whether there is such a zone. PostgreSQL reads its files for it, so it is asked beside the shared reads.
    package func knows(timezone: String) async throws -> Bool {
        try await database.run(
            Column<Bool>(
                """
                exists (select 1 from pg_timezone_names where name = \(timezone) and name not like 'posix%'
                    and name not in ('Factory', 'localtime'))
                """)
        ).one
    }

    package func insert(_ entry: HospitalEntry, in tx: Transaction) async throws {
        let details = entry.details
        try await tx.run(
            """
            insert into hospital (hospital_id, account_id, name, email, email_key, phone_number, license_number,
                address, city, state, country, latitude, longitude, timezone, prescribing_policy, status, version,
                created_at, updated_at)
            values (\(entry.id), \(entry.account), \(details.name), \(details.email.text),
                \(details.email.comparable), \(details.phone.text), \(entry.licenseNumber), \(details.address),
                \(details.city), \(details.state), \(details.country), \(details.latitude), \(details.longitude),
                \(details.timezone), \(details.prescribingPolicy), \(entry.verdict.status), \(entry.version),
                \(entry.createdAt), \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    /// Deleted ones too: past visits name them.
    package func find(_ id: ID<Hospital>) async throws -> HospitalEntry? {
        try await database.read(Self.row) { "select \($0) from hospital h where h.hospital_id = \(id)" }.first
    }

    package func find(all ids: [ID<Hospital>]) async throws -> [HospitalEntry] {
        if ids.isEmpty { return [] }
        return try await database.read(Self.row) { "select \($0) from hospital h where h.hospital_id = any(\(ids))" }
    }

    /// The entry, locked against every other change until the transaction ends.
    package func lock(_ id: ID<Hospital>, in tx: Transaction) async throws -> HospitalEntry? {
        try await tx.run(Self.row) {
            "select \($0) from hospital h where h.hospital_id = \(id) and h.deleted_at is null for no key update"
        }.first
    }

    /// The caller's own hospital, which stays as it is until the transaction ends. Whoever was approved no more since
    /// they logged in is told so.
    package func works(for caller: Caller, in tx: Transaction) async throws -> HospitalEntry {
        let id: ID<Hospital> = caller.tenant.retyped()
        return try Self.working(
            try await tx.run(Self.row) { "select \($0) from hospital h where h.hospital_id = \(id) for share" }.first)
    }

    /// The same before a transaction, which has to ask again.
    package func works(for caller: Caller) async throws -> HospitalEntry {
        try Self.working(try await find(caller.tenant.retyped()))
    }

    private static func working(_ entry: HospitalEntry?) throws(Problem) -> HospitalEntry {
        guard let entry, entry.isActive else { throw Problem(.accountInactive, "This hospital is not approved.") }
        return entry
    }

    /// Keeps what a locked hospital changed of itself.
    package func update(_ entry: HospitalEntry, in tx: Transaction) async throws {
        let details = entry.details
        try await keep(
            entry,
            """
            name = \(details.name), email = \(details.email.text), email_key = \(details.email.comparable),
            phone_number = \(details.phone.text),
            address = \(details.address), city = \(details.city), state = \(details.state),
            country = \(details.country), latitude = \(details.latitude), longitude = \(details.longitude),
            timezone = \(details.timezone), prescribing_policy = \(details.prescribingPolicy)
            """, in: tx)
    }

    /// Keeps an administrator's decision about a locked hospital.
    package func decide(_ entry: HospitalEntry, by reviewer: ID<Account>, in tx: Transaction) async throws {
        try await keep(
            entry,
            """
            status = \(entry.verdict.status), rejection_reason = \(entry.verdict.reason), reviewed_by = \(reviewer),
            reviewed_at = \(entry.updatedAt), deleted_at = \(entry.deletedAt)
            """, in: tx)
    }

    private func keep(_ entry: HospitalEntry, _ changes: SQL, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update hospital set \(sql: changes), version = \(entry.version), updated_at = \(entry.updatedAt)
            where hospital_id = \(entry.id) and version = \(entry.version - 1)
            """, refusals: Self.refusals)
        if rows.affected != 1 { throw Problem.preconditionFailed }
        try await copyToDoctors("h.hospital_id = \(entry.id)", at: entry.updatedAt, in: tx)
    }

    /// The entries of a hospital's doctors say its name, and whether it works here: a change of either is one of
    /// theirs.
    private func copyToDoctors(_ condition: SQL, at now: Instant, in tx: Transaction) async throws {
        let isActive: SQL = "(h.status = 'approved' and h.account_active and h.deleted_at is null)"
        try await tx.run(
            """
            update doctor d set hospital_name = h.name, hospital_active = \(sql: isActive),
                version = d.version + 1, updated_at = \(now)
            from hospital h
            where \(sql: condition) and d.hospital_id = h.hospital_id and d.deleted_at is null
                and (d.hospital_name is distinct from h.name or d.hospital_active <> \(sql: isActive))
            """)
    }

    /// Keeps what identity told of an account; of one without a hospital, nothing.
    package func note(
        isActive: Bool, version: Int64, of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            update hospital set account_active = \(isActive)::boolean, account_version = \(version),
                version = version + (account_active <> \(isActive)::boolean)::integer
            where account_id = \(account) and account_version <= \(version)
            """)
        try await copyToDoctors("h.account_id = \(account)", at: now, in: tx)
    }

    /// The columns of `hospital h`.
    static let row = Projection(
        Column<ID<Hospital>>("h.hospital_id"), Column<ID<Account>>("h.account_id"), Column<String>("h.name"),
        Column<String>("h.email"), Column<String>("h.phone_number"), Column<String>("h.license_number"),
        Column<String>("h.address"), Column<String>("h.city"), Column<String>("h.state"), Column<String>("h.country"),
        Column<Double>("h.latitude"), Column<Double>("h.longitude"), Column<String>("h.timezone"),
        Column<PrescribingPolicy>("h.prescribing_policy"), Column<HospitalStatus>("h.status"),
        Column<String?>("h.rejection_reason"), Column<Bool>("h.account_active"), Column<Instant?>("h.deleted_at"),
        Column<Int64>("h.version"), Column<Instant>("h.created_at"), Column<Instant>("h.updated_at"),
        make: Stored.init
    ).map { try $0.entry }

    /// A hospital as it is kept.
    private struct Stored: Sendable {
        let id: ID<Hospital>
        let account: ID<Account>
        let name: String
        let email: String
        let phone: String
        let license: String
        let address: String
        let city: String
        let state: String
        let country: String
        let latitude: Double
        let longitude: Double
        let timezone: String
        let policy: PrescribingPolicy
        let status: HospitalStatus
        let reason: String?
        let isAccountActive: Bool
        let deletedAt: Instant?
        let version: Int64
        let createdAt: Instant
        let updatedAt: Instant

        var entry: HospitalEntry {
            get throws {
                guard let email = Email.stored(email), let phone = PhoneNumber(phone) else {
                    throw BrokenRow("hospital", id)
                }
                let details = HospitalDetails(
                    name: name, email: email, phone: phone, address: address, city: city, state: state,
                    country: country, latitude: latitude, longitude: longitude, timezone: timezone,
                    prescribingPolicy: policy)
                return HospitalEntry(
                    id: id, account: account, licenseNumber: license, details: details, verdict: verdict,
                    isAccountActive: isAccountActive, deletedAt: deletedAt, version: version, createdAt: createdAt,
                    updatedAt: updatedAt)
            }
        }

        private var verdict: HospitalVerdict {
            switch status {
            case .pending: .pending
            case .approved: .approved
            case .rejected: .rejected(reason: reason ?? "")
            }
        }
    }
}
