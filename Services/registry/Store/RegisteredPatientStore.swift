import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain
import Sealing

/// Patients who registered themselves: their record like any other, and beside it what makes it their own. Their
/// account is the tenant of the record.
package struct RegisteredPatientStore: Sendable {
    let database: Database
    let vault: Vault
    private let patients: PatientStore

    package init(database: Database, vault: Vault) {
        self.database = database
        self.vault = vault
        patients = PatientStore(database: database, vault: vault)
    }

    package static let emailTaken = Problem.field("email", "Email is already registered")
    package static let phoneTaken = Problem.field("phone_number", "Phone number is already registered")

    /// All values that are taken. The constraints decide; this reports all at once, and saves the hashing.
    package func taken(email: Email?, phone: PhoneNumber?) async throws -> [Problem.FieldFaults] {
        let taken = Projection(
            Column<Bool>("exists (select 1 from patient_registration where email_index = \(email.map(mark)))"),
            Column<Bool>("exists (select 1 from patient_registration where phone_index = \(phone.map(mark)))"))
        let (isEmailTaken, isPhoneTaken) = try await database.read(taken).one
        return (isEmailTaken ? Self.emailTaken.errors : []) + (isPhoneTaken ? Self.phoneTaken.errors : [])
    }

    /// Keeps the record in the new account's name: row-level security lets nobody else write it.
    package func insert(
        _ record: PatientRecord, email: Email, phone: PhoneNumber, consentedAt: Instant? = nil, in tx: Transaction
    ) async throws {
        try await tx.speak(as: Self.scope(of: record.owner))
        try await patients.insert(record, in: tx)
        try await tx.run(
            """
            insert into patient_registration (patient_id, account_id, email_index, phone_index, email_verified,
                phone_verified, is_active, consented_at, version, updated_at)
            values (\(record.id), \(record.owner), \(mark(email)), \(mark(phone)), false, false, true, \(consentedAt),
                1, \(record.updatedAt))
            """,
            refusals: [
                "patient_registration_email_key": Self.emailTaken, "patient_registration_phone_key": Self.phoneTaken,
            ])
    }

    /// The caller's own.
    package func find(_ id: ID<Patient>, for caller: Caller) async throws -> RegisteredPatient? {
        try await database.read(Self.row, as: Scope(caller)) { Self.one($0, id, of: caller.account) }
            .first.map { try patient($0.0, $0.1, $1) }
    }

    /// Whose account a registered patient's record is.
    package func account(of id: ID<Patient>) async throws -> ID<Account>? {
        try await database.read(Column<ID<Account>>("account_id")) {
            "select \($0) from patient_registration where patient_id = \(id)"
        }.first
    }

    /// Who registered with this phone.
    package func registration(phone: PhoneNumber) async throws -> Registration? {
        let row = Projection(
            Column<ID<Patient>>("patient_id"), Column<ID<Account>>("account_id"), make: Registration.init)
        return try await database.read(row) {
            "select \($0) from patient_registration where phone_index = \(mark(phone))"
        }.first
    }

    /// Somebody's record for a reader who may see it and whose reading was noted in this transaction: it is opened in
    /// the name of its account, since to everybody else it does not exist.
    package func find(
        _ id: ID<Patient>, keptBy account: ID<Account>, in tx: Transaction
    ) async throws -> RegisteredPatient? {
        try await tx.speak(as: Self.scope(of: account))
        return try await tx.run(Self.row) { Self.one($0, id, of: account) }.first.map { try patient($0.0, $0.1, $1) }
    }

    /// Whose record it is, one registration after the other, the newest first.
    package struct Registration: Sendable {
        package let patient: ID<Patient>
        package let account: ID<Account>
    }

    /// The record of a registration, opened in the name of its account; nil when it is gone or cannot be opened.
    package func find(_ registration: Registration) async throws -> RegisteredPatient? {
        let rows = try await database.read(Self.row, as: Self.scope(of: registration.account)) {
            Self.one($0, registration.patient, of: registration.account)
        }
        guard let ((sealed, wrapped), standing) = rows.first else { return nil }
        return try? patient(sealed, wrapped, standing)
    }

    /// Erases the record, and that it was registered; in the name of its account, as its own rows.
    package func remove(_ registration: Registration, in tx: Transaction) async throws {
        try await tx.speak(as: Self.scope(of: registration.account))
        try await tx.run("delete from patient_registration where patient_id = \(registration.patient)")
        try await tx.run("delete from patient where patient_id = \(registration.patient)")
    }

    /// Keeps what identity told of an account; of one without a record, nothing.
    package func note(_ news: AccountNews, of account: ID<Account>, at now: Instant, in tx: Transaction) async throws {
        try await tx.run("update patient_registration \(sql: news.change(of: account, at: now))")
    }

    private typealias Standing = RegisteredPatient.Standing

    private static let row =
        PatientStore.row + PatientStore.wrappedKey
        + Projection(
            Column<Bool>("r.email_verified"), Column<Bool>("r.phone_verified"), Column<Bool>("r.is_active"),
            Column<Int64>("r.version"), Column<Instant>("r.updated_at")
        ) { isEmailVerified, isPhoneVerified, isActive, version, updatedAt in
            Standing(
                isEmailVerified: isEmailVerified, isPhoneVerified: isPhoneVerified, isActive: isActive,
                version: version, updatedAt: updatedAt)
        }

    private static func one(_ row: some Selection, _ id: ID<Patient>, of account: ID<Account>) -> SQL {
        """
        select \(row) from patient p join patient_registration r on r.patient_id = p.patient_id
        where p.patient_id = \(id) and p.owner_id = \(account)
        """
    }

    private func patient(
        _ sealed: PatientStore.Sealed, _ wrapped: [UInt8], _ standing: Standing
    ) throws -> RegisteredPatient {
        let key = try vault.accounts.key(wrapped, of: sealed.owner)
        return RegisteredPatient(record: try patients.open(sealed, with: key), standing: standing)
    }

    private func mark(_ email: Email) -> [UInt8] { vault.mark(email.comparable, of: "registry.patient.email") }
    private func mark(_ phone: PhoneNumber) -> [UInt8] { vault.mark(phone.text, of: "registry.patient.phone") }

    private static func scope(of account: ID<Account>) -> Scope {
        Scope(
            account: account.description, role: Role.patient.rawValue, tenant: account.ownTenant.description)
    }
}
