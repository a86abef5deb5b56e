package import API
import Chassis
import Crypto
import JSON
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Providers' entries. Email and phone are sealed under a key of the entry's own and compared by keyed digests.
package struct ProviderStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
    }

    package static let emailTaken = Problem.field("email", "A provider with this email already exists.")
    package static let phoneTaken = Problem.field(
        "phone_number", "A provider with this phone number already exists.")
    package static let licenseTaken = Problem.field(
        "license_number", "A provider with this license number already exists.")
    private static let refusals: Refusals = [
        "provider_email_key": emailTaken, "provider_phone_key": phoneTaken, "provider_license_key": licenseTaken,
    ]

    /// All that somebody else has already. The constraints decide; this tells it all at once, and spares the hashing.
    package func taken(email: Email?, phone: PhoneNumber?, license: String?) async throws -> [Problem.FieldFaults] {
        let taken = Projection(
            Column<Bool>("exists (select 1 from provider where email_index = \(email.map(mark)))"),
            Column<Bool>("exists (select 1 from provider where phone_index = \(phone.map(mark)))"),
            Column<Bool>("exists (select 1 from provider where upper(license_number) = \(license?.uppercased()))"))
        let (isEmailTaken, isPhoneTaken, isLicenseTaken) = try await database.read(taken).one
        return (isEmailTaken ? Self.emailTaken.errors : []) + (isPhoneTaken ? Self.phoneTaken.errors : [])
            + (isLicenseTaken ? Self.licenseTaken.errors : [])
    }

    package func insert(_ entry: ProviderEntry, in tx: Transaction) async throws {
        let details = entry.details
        let made = try vault.providers.make(of: entry.id)
        let contact = try made.key.seal(Self.contact(of: details), authenticating: Self.associatedData(entry.id))
        let (status, reason) = entry.verdict.columns
        try await tx.run(
            """
            insert into provider (provider_id, account_id, first_name, last_name, specialization, license_number,
                years_of_experience, street, city, state, zip, status, rejection_reason, email_verified, is_active,
                wrapped_key, sealed_contact, email_index, phone_index, version, created_at, updated_at)
            values (\(entry.id), \(entry.account), \(details.firstName), \(details.lastName),
                \(details.specialization.rawValue), \(details.licenseNumber), \(details.yearsOfExperience),
                \(details.clinic.street), \(details.clinic.city), \(details.clinic.state), \(details.clinic.zip),
                \(status), \(reason), \(entry.isEmailVerified), \(entry.isActive), \(made.wrapped), \(contact),
                \(mark(details.email)), \(mark(details.phone)), \(entry.version), \(entry.createdAt),
                \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    package func find(_ id: ID<Provider>) async throws -> ProviderEntry? {
        try await database.read(Self.row) { "select \($0) from provider where provider_id = \(id)" }.first.map(open)
    }

    /// The entry of an account.
    package func find(of account: ID<Account>) async throws -> ProviderEntry? {
        try await database.read(Self.row) { "select \($0) from provider where account_id = \(account)" }.first.map(open)
    }

    /// The entry, locked against every other change until the transaction ends.
    package func lock(_ id: ID<Provider>, in tx: Transaction) async throws -> ProviderEntry? {
        try await tx.run(Self.row) {
            "select \($0) from provider where provider_id = \(id) for no key update"
        }.first.map(open)
    }

    /// Keeps an administrator's decision about a locked entry.
    package func keep(_ entry: ProviderEntry, by reviewer: ID<Account>, in tx: Transaction) async throws {
        let (status, reason) = entry.verdict.columns
        let rows = try await tx.run(
            """
            update provider set status = \(status), rejection_reason = \(reason), reviewed_by = \(reviewer),
                reviewed_at = \(entry.updatedAt), version = \(entry.version), updated_at = \(entry.updatedAt)
            where provider_id = \(entry.id) and version = \(entry.version - 1)
            """)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    /// Keeps what identity told of an account; of one without an entry, nothing. A provider's phone is proven nowhere.
    package func note(_ news: AccountNews, of account: ID<Account>, at now: Instant, in tx: Transaction) async throws {
        guard news != .phoneVerified else { return }
        try await tx.run("update provider \(sql: news.change(of: account, at: now))")
    }

    private func mark(_ email: Email) -> [UInt8] { vault.mark(email.comparable, of: "registry.provider.email") }
    private func mark(_ phone: PhoneNumber) -> [UInt8] { vault.mark(phone.text, of: "registry.provider.phone") }

    private static func contact(of details: ProviderDetails) -> [UInt8] {
        JSONValue.object([
            JSONMember(key: "email", value: .string(details.email.text)),
            JSONMember(key: "phone", value: .string(details.phone.text)),
        ]).bytes
    }

    private static func associatedData(_ id: ID<Provider>) -> AssociatedData {
        AssociatedData(table: "provider", row: id.description, column: "sealed_contact")
    }
}

// MARK: Reading

extension ProviderStore {
    /// Newest first.
    package func list(_ query: ProvidersQuery) async throws -> Page<ProviderEntry> {
        let condition: SQL = if let status = query.status { "status = \(status.rawValue)" } else { "true" }
        switch query.page.position {
        case .page:
            return try await database.page(
                Self.row, from: "provider where \(sql: condition)", by: "provider_id desc", query.page
            ).opened(of: "provider", named: \.id, by: open)
        case .after:
            let before = try query.page.cursor()?.id(of: Provider.self)
            let older: SQL = if let before { " and provider_id < \(before)" } else { "" }
            let rows = try await database.read(Self.row) {
                """
                select \($0) from provider where \(sql: condition)\(sql: older)
                order by provider_id desc limit \(query.page.size + 1)
                """
            }
            return Page(fetched: rows, size: query.page.size) { Cursor(id: $0.id).text }
                .opened(of: "provider", named: \.id, by: open)
        }
    }

    /// An entry as it is kept: what was said to others in the open, and sealed how to reach the provider.
    private struct Sealed: Sendable {
        let id: ID<Provider>
        let account: ID<Account>
        let firstName: String
        let lastName: String
        let specialization: Specialization
        let licenseNumber: String
        let yearsOfExperience: Int
        let street: String
        let city: String
        let state: String
        let zip: String
        let status: String
        let rejectionReason: String?
        let isEmailVerified: Bool
        let isActive: Bool
        let wrappedKey: [UInt8]
        let contact: [UInt8]
        let version: Int64
        let createdAt: Instant
        let updatedAt: Instant
    }

    private static let row = Projection(
        Column<ID<Provider>>("provider_id"), Column<ID<Account>>("account_id"), Column<String>("first_name"),
        Column<String>("last_name"), Column<Specialization>("specialization"), Column<String>("license_number"),
        Column<Int>("years_of_experience"), Column<String>("street"), Column<String>("city"), Column<String>("state"),
        Column<String>("zip"), Column<String>("status"), Column<String?>("rejection_reason"),
        Column<Bool>("email_verified"), Column<Bool>("is_active"), Column<[UInt8]>("wrapped_key"),
        Column<[UInt8]>("sealed_contact"), Column<Int64>("version"), Column<Instant>("created_at"),
        Column<Instant>("updated_at"), make: Sealed.init)

    private func open(_ sealed: Sealed) throws -> ProviderEntry {
        let key = try vault.providers.key(sealed.wrappedKey, of: sealed.id)
        let contact = try JSONReader.read(try key.open(sealed.contact, authenticating: Self.associatedData(sealed.id)))
        guard let email = contact["email"]?.string.flatMap(Email.stored),
            let phone = contact["phone"]?.string.flatMap({ PhoneNumber($0) }),
            let verdict = ProviderVerdict(sealed.status, sealed.rejectionReason)
        else { throw BrokenRow("provider", sealed.id) }
        let details = ProviderDetails(
            firstName: sealed.firstName, lastName: sealed.lastName, email: email, phone: phone,
            specialization: sealed.specialization, licenseNumber: sealed.licenseNumber,
            yearsOfExperience: sealed.yearsOfExperience,
            clinic: ProviderDetails.Clinic(
                street: sealed.street, city: sealed.city, state: sealed.state, zip: sealed.zip))
        return ProviderEntry(
            id: sealed.id, account: sealed.account, details: details, verdict: verdict,
            isEmailVerified: sealed.isEmailVerified, isActive: sealed.isActive, version: sealed.version,
            createdAt: sealed.createdAt, updatedAt: sealed.updatedAt)
    }
}

extension ProviderVerdict {
    var columns: (status: String, reason: String?) {
        switch self {
        case .pending: ("pending", nil)
        case .verified: ("verified", nil)
        case .rejected(let reason): ("rejected", reason)
        }
    }

    init?(_ status: String, _ reason: String?) {
        switch (status, reason) {
        case ("pending", nil): self = .pending
        case ("verified", nil): self = .verified
        case ("rejected", let reason?): self = .rejected(reason: reason)
        default: return nil
        }
    }
}
