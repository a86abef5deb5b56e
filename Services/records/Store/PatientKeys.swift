package import Crypto
package import Kernel
package import Postgres
import Sealing

/// Which key sealed a row: its patient's, in this version. A row keeps the version beside what is sealed.
package struct PatientKeyName: Sendable, Hashable {
    package let patient: ID<Patient>
    package let version: Int

    package init(_ patient: ID<Patient>, _ version: Int) {
        self.patient = patient
        self.version = version
    }
}

/// A key of a patient: it seals cells of rows and the keys of files, each bound to table, row, column and version.
package struct PatientKey: Sendable {
    package let name: PatientKeyName
    let key: DataKey

    init(_ name: PatientKeyName, _ key: DataKey) {
        self.name = name
        self.key = key
    }

    package var version: Int { name.version }

    package func seal(_ plain: [UInt8], for cell: AssociatedData) throws -> [UInt8] {
        try key.seal(plain, authenticating: cell)
    }

    /// - Throws: `BrokenRow` where it was changed, or sealed for another place or with another key.
    package func open(_ sealed: [UInt8], from cell: AssociatedData) throws(BrokenRow) -> [UInt8] {
        do throws(CryptoFault) { return try key.open(sealed, authenticating: cell) } catch {
            throw BrokenRow(cell.table, cell.row)
        }
    }
}

/// The keys of patients, wrapped by the master key in `patient_key`. They are read in the service's own name, and
/// opened ones are remembered in memory. A row names its key's version by a foreign key, so that a key stays while a
/// row needs it.
package struct PatientKeys: Sendable {
    let database: Database
    let wraps: DataKeys<Patient>

    package init(database: Database, sealer: Sealer) {
        self.database = database
        wraps = DataKeys(of: "records.patient", sealer: sealer)
    }

    /// What was sealed with the key is lost: it was destroyed.
    package struct Destroyed: Error {}

    /// The newest key of a patient, which seals; made when there is none yet. Of several who make one at once the first
    /// one's is kept.
    /// - Parameter account: the patient's; nil of a record without one.
    package func current(
        of patient: ID<Patient>, account: ID<Account>?, at now: Instant
    ) async throws -> PatientKey {
        if let key = try await newest(of: patient) { return key }
        let made = try wraps.make(of: patient)
        try await database.run(
            """
            insert into patient_key (patient_id, key_version, account_id, wrapped, kek_version, created_at)
            values (\(patient), 1, \(account), \(made.wrapped), \(Int(Sealer.version(of: made.wrapped) ?? 0)), \(now))
            on conflict do nothing
            """, as: .service)
        guard let key = try await newest(of: patient) else { throw BrokenRow("patient_key", patient) }
        return key
    }

    /// The keys that rows name; those that were destroyed are left out.
    /// - Throws: `BrokenRow` of one that is not there at all.
    package func keys(_ names: Set<PatientKeyName>) async throws -> [PatientKeyName: PatientKey] {
        if names.isEmpty { return [:] }
        let patients = Array(Set(names.map(\.patient)))
        let rows = try await database.read(Self.row, as: .service) {
            "select \($0) from patient_key where patient_id = any(\(patients)::uuid[])"
        }
        var keys: [PatientKeyName: PatientKey] = [:]
        var missing = names
        for row in rows where missing.remove(row.name) != nil { keys[row.name] = try open(row) }
        if let name = missing.first { throw BrokenRow("patient_key", name.patient) }
        return keys
    }

    /// - Throws: `Destroyed`.
    package func key(_ name: PatientKeyName) async throws -> PatientKey {
        guard let key = try await keys([name])[name] else { throw Destroyed() }
        return key
    }

    /// Whose records these are, as far as anything was ever kept of them.
    package enum Owner: Sendable, Equatable {
        case account(ID<Account>)
        /// A record without an account.
        case nobody
    }

    /// Nil of a patient of whom nothing was kept, and of one whose keys were destroyed.
    package func owner(of patient: ID<Patient>) async throws -> Owner? {
        let rows = try await database.read(Column<ID<Account>?>("account_id"), as: .service) {
            """
            select \($0) from patient_key where patient_id = \(patient) and wrapped is not null
            order by key_version desc limit 1
            """
        }
        return rows.first.map { account in account.map { .account($0) } ?? .nobody }
    }

    /// Whose own record an account has, as far as anything was ever kept of it.
    package func patient(of account: ID<Account>) async throws -> ID<Patient>? {
        try await database.read(Column<ID<Patient>>("patient_id"), as: .service) {
            "select \($0) from patient_key where account_id = \(account) and wrapped is not null limit 1"
        }.first
    }

    private struct Row: Sendable {
        let name: PatientKeyName
        /// Nil once it was destroyed.
        let wrapped: [UInt8]?
    }

    private static let row = Projection(
        Column<ID<Patient>>("patient_id"), Column<Int>("key_version"), Column<[UInt8]?>("wrapped")
    ) { Row(name: PatientKeyName($0, $1), wrapped: $2) }

    private func newest(of patient: ID<Patient>) async throws -> PatientKey? {
        let rows = try await database.read(Self.row, as: .service) {
            "select \($0) from patient_key where patient_id = \(patient) order by key_version desc limit 1"
        }
        guard let row = rows.first else { return nil }
        guard let key = try open(row) else { throw Destroyed() }
        return key
    }

    /// Nil once it was destroyed.
    private func open(_ row: Row) throws -> PatientKey? {
        guard let wrapped = row.wrapped else { return nil }
        do { return PatientKey(row.name, try wraps.key(wrapped, of: row.name.patient)) } catch is CryptoFault {
            throw BrokenRow("patient_key", row.name.patient)
        }
    }
}
