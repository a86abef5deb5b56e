package import API
import Chassis
import Crypto
import JSON
package import Kernel
package import Postgres
package import RegistryDomain

/// Providers' entries. Email and phone are sealed under a key of the entry's own and compared by keyed digests.
package struct ProviderStore: Sendable {
    let database: Database
    let vault: Vault

    package init(database: Database, vault: Vault) { (self.database, self.vault) = (database, vault) }

    private static let columns: SQL = """
        provider_id, account_id, first_name, last_name, specialization, license_number, years_of_experience, \
        street, city, state, zip, status, rejection_reason, email_verified, is_active, wrapped_key, sealed_contact, \
        version, created_at, updated_at
        """

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
        let row = try await database.read(
            """
            select exists (select 1 from provider where email_index = \(email.map(mark))),
                exists (select 1 from provider where phone_index = \(phone.map(mark))),
                exists (select 1 from provider where upper(license_number) = \(license?.uppercased()))
            """
        ).one
        return (try row.bool(0) ? Self.emailTaken.errors : []) + (try row.bool(1) ? Self.phoneTaken.errors : [])
            + (try row.bool(2) ? Self.licenseTaken.errors : [])
    }

    package func insert(_ entry: ProviderEntry, in tx: Transaction) async throws {
        let details = entry.details
        let made = try vault.makeKey(of: entry.id)
        let contact = try made.key.seal(Self.contact(of: details), at: Self.place(entry.id))
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
        try await database.read("select \(sql: Self.columns) from provider where provider_id = \(id)").first.map(entry)
    }

    /// The entry, held against every other change until the transaction ends.
    package func hold(_ id: ID<Provider>, in tx: Transaction) async throws -> ProviderEntry? {
        try await tx.run("select \(sql: Self.columns) from provider where provider_id = \(id) for no key update")
            .first.map(entry)
    }

    /// Keeps an administrator's decision about a held entry.
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

    /// Keeps what identity told of an account; of one without an entry, nothing.
    package func note(
        _ account: ID<Account>, emailVerified: Bool? = nil, active: Bool? = nil, at now: Instant, in tx: Transaction
    ) async throws {
        try await tx.run(
            """
            update provider set email_verified = coalesce(\(emailVerified), email_verified),
                is_active = coalesce(\(active), is_active), version = version + 1, updated_at = \(now)
            where account_id = \(account)
            """)
    }

    private func mark(_ email: Email) -> [UInt8] { vault.mark(email.comparable, of: "registry.provider.email") }
    private func mark(_ phone: PhoneNumber) -> [UInt8] { vault.mark(phone.text, of: "registry.provider.phone") }

    private static func contact(of details: ProviderDetails) -> [UInt8] {
        JSONValue.object([
            JSONMember(key: "email", value: .string(details.email.text)),
            JSONMember(key: "phone", value: .string(details.phone.text)),
        ]).bytes
    }

    private static func place(_ id: ID<Provider>) -> SealedPlace {
        SealedPlace(table: "provider", row: id.description, column: "sealed_contact")
    }
}

// MARK: Reading

extension ProviderStore {
    private static let order = "providers"

    /// Newest first.
    package func list(_ query: ProvidersQuery) async throws -> Page<ProviderEntry> {
        let condition: SQL = if let status = query.status { "status = \(status.rawValue)" } else { "true" }
        switch query.page.position {
        case .page:
            let total = try await database.read("select count(*) from provider where \(sql: condition)").one.integer(0)
            return Page(items: try await rows(condition, query.page.size, query.page.offset), total: total)
        case .after(let cursor):
            let before = try cursor.map { try Cursor<Provider>($0, order: Self.order).id }
            let older: SQL = if let before { " and provider_id < \(before)" } else { "" }
            return Page(fetched: try await rows(condition + older, query.page.size + 1, 0), size: query.page.size) {
                Cursor<Provider>(order: Self.order, id: $0.id).text
            }
        }
    }

    private func rows(_ condition: SQL, _ limit: Int, _ offset: Int) async throws -> [ProviderEntry] {
        try await database.read(
            """
            select \(sql: Self.columns) from provider where \(sql: condition)
            order by provider_id desc limit \(limit) offset \(offset)
            """
        ).map(entry)
    }

    private func entry(_ row: Row) throws -> ProviderEntry {
        let id = try row.id(0, of: Provider.self)
        let contact = try JSONReader.read(
            try vault.key(try row.bytes(15), ofProvider: id).open(try row.bytes(16), at: Self.place(id)))
        guard let email = contact["email"]?.string.flatMap(Email.init),
            let phone = contact["phone"]?.string.flatMap({ PhoneNumber($0) }),
            let specialization = Specialization(rawValue: try row.text(4)),
            let verdict = ProviderVerdict(try row.text(11), try row.optionalText(12))
        else { throw BrokenRecord(table: "provider", row: id.description) }
        let details = ProviderDetails(
            firstName: try row.text(2), lastName: try row.text(3), email: email, phone: phone,
            specialization: specialization, licenseNumber: try row.text(5), yearsOfExperience: try row.integer(6),
            clinic: ProviderDetails.Clinic(
                street: try row.text(7), city: try row.text(8), state: try row.text(9), zip: try row.text(10)))
        return ProviderEntry(
            id: id, account: try row.id(1), details: details, verdict: verdict, isEmailVerified: try row.bool(13),
            isActive: try row.bool(14), version: try row.decode(17), createdAt: try row.instant(18),
            updatedAt: try row.instant(19))
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
