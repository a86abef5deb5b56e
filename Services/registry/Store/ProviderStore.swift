package import API
import Chassis
import Crypto
import JSON
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Providers' entries. What need not be searched is sealed under a key of the entry's own (`ProviderRow`); email and
/// phone are compared by keyed digests.
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
        try await tx.run(
            """
            insert into provider (provider_id, account_id, first_name, last_name, specialization, license_number,
                years_of_experience, street, city, state, zip, status, rejection_reason, email_verified, is_active,
                wrapped_key, sealed_contact, email_index, phone_index, version, created_at, updated_at)
            values (\(entry.id), \(entry.account), \(details.firstName), \(details.lastName),
                \(details.specialization.rawValue), \(details.licenseNumber), \(details.yearsOfExperience),
                '', \(details.clinic.city), \(details.clinic.state), '', \(entry.verdict.status.rawValue),
                \(entry.verdict.emptyReason), \(entry.isEmailVerified), \(entry.isActive), \(made.wrapped),
                \(try ProviderRow.seal(entry, with: made.key)), \(mark(details.email)), \(mark(details.phone)),
                \(entry.version), \(entry.createdAt), \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    package func find(_ id: ID<Provider>) async throws -> ProviderEntry? {
        try await database.read(ProviderRow.row) {
            "select \($0) from provider where provider_id = \(id)"
        }.first.map(open)
    }

    /// The entry of an account.
    package func find(of account: ID<Account>) async throws -> ProviderEntry? {
        try await database.read(ProviderRow.row) {
            "select \($0) from provider where account_id = \(account)"
        }.first.map(open)
    }

    /// The entries of accounts.
    package func find(having accounts: [ID<Account>]) async throws -> [ProviderEntry] {
        if accounts.isEmpty { return [] }
        return try await database.read(ProviderRow.row) {
            "select \($0) from provider where account_id = any(\(accounts))"
        }.map(open)
    }

    /// The entry, locked against every other change until the transaction ends.
    package func lock(_ id: ID<Provider>, in tx: Transaction) async throws -> ProviderEntry? {
        try await tx.run(ProviderRow.row) {
            "select \($0) from provider where provider_id = \(id) for no key update"
        }.first.map(open)
    }

    /// Keeps an administrator's decision about a locked entry.
    package func keep(_ entry: ProviderEntry, by reviewer: ID<Account>, in tx: Transaction) async throws {
        let rows = try await tx.run(
            """
            update provider set \(sql: try await sealed(entry, in: tx)), reviewed_by = \(reviewer),
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

    /// The assignments that seal an entry anew under the key it has, and leave nothing of that in the clear.
    func sealed(_ entry: ProviderEntry, in tx: Transaction) async throws -> SQL {
        let wrapped = try await tx.run(Column<[UInt8]>("wrapped_key")) {
            "select \($0) from provider where provider_id = \(entry.id)"
        }.one
        let document = try ProviderRow.seal(entry, with: try vault.providers.key(wrapped, of: entry.id))
        return """
            sealed_contact = \(document), street = '', zip = '', status = \(entry.verdict.status.rawValue),
            rejection_reason = \(entry.verdict.emptyReason)
            """
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
                ProviderRow.row, from: "provider where \(sql: condition)", by: "provider_id desc", query.page
            ).opened(of: "provider", named: \.id, by: open)
        case .after:
            let before = try query.page.cursor()?.id(of: Provider.self)
            let older: SQL = if let before { " and provider_id < \(before)" } else { "" }
            let rows = try await database.read(ProviderRow.row) {
                """
                select \($0) from provider where \(sql: condition)\(sql: older)
                order by provider_id desc limit \(query.page.size + 1)
                """
            }
            return Page(fetched: rows, size: query.page.size) { Cursor(id: $0.id).text }
                .opened(of: "provider", named: \.id, by: open)
        }
    }

    private func open(_ row: ProviderRow) throws -> ProviderEntry {
        try row.opened(with: try vault.providers.key(row.wrappedKey, of: row.id))
    }
}
