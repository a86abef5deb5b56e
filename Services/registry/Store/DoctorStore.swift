import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

/// The directory of doctors.
package struct DoctorStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// The columns `entry(_:from:)` reads, in its order.
    static let columns: SQL = """
        d.doctor_id, d.created_by, d.first_name, d.last_name, d.email, d.phone, d.specialization, d.license_number, \
        d.years_of_experience, d.qualification, d.bio, d.consultation_fee, d.is_available, d.hospital_name, d.city, \
        d.state, d.country, d.version, d.created_at, d.updated_at
        """
    static let columnCount = 20

    private static let refusals: Refusals = [
        "doctor_license_number_key": .duplicate("license_number", "A doctor with this license number already exists.")
    ]

    package func find(_ id: ID<Doctor>, for caller: Caller) async throws -> DoctorEntry? {
        try await database.read(
            "select \(sql: Self.columns) from doctor d where d.doctor_id = \(id)", as: Scope(caller)
        ).first.map { try Self.entry($0) }
    }

    package func find(_ id: ID<Doctor>, in tx: Transaction) async throws -> DoctorEntry? {
        try await tx.run("select \(sql: Self.columns) from doctor d where d.doctor_id = \(id)")
            .first.map { try Self.entry($0) }
    }

    /// The entry, held against every other change until the transaction ends. Only who may write it can hold it: for
    /// others the policy shows no row, so ask `mustBeWritable` of what `find` gives before.
    package func hold(_ id: ID<Doctor>, in tx: Transaction) async throws -> DoctorEntry? {
        try await tx.run("select \(sql: Self.columns) from doctor d where d.doctor_id = \(id) for no key update of d")
            .first.map { try Self.entry($0) }
    }

    package func insert(_ entry: DoctorEntry, in tx: Transaction) async throws {
        let details = entry.details
        try await tx.run(
            """
            insert into doctor (
                doctor_id, created_by, first_name, last_name, email, phone, specialization, license_number,
                years_of_experience, qualification, bio, consultation_fee, is_available, hospital_name, city, state,
                country, version, created_at, updated_at)
            values (
                \(entry.id), \(entry.creator), \(details.firstName), \(details.lastName), \(details.email?.text),
                \(details.phone), \(details.specialization.rawValue), \(details.licenseNumber),
                \(details.yearsOfExperience), \(details.qualification), \(details.bio), \(details.consultationFee),
                \(details.isAvailable), \(details.hospitalName), \(details.city), \(details.state), \(details.country),
                \(entry.version), \(entry.createdAt), \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    /// Keeps an entry that `hold` gave and the domain changed.
    package func update(_ entry: DoctorEntry, in tx: Transaction) async throws {
        let details = entry.details
        let rows = try await tx.run(
            """
            update doctor set
                first_name = \(details.firstName), last_name = \(details.lastName), email = \(details.email?.text),
                phone = \(details.phone), specialization = \(details.specialization.rawValue),
                license_number = \(details.licenseNumber), years_of_experience = \(details.yearsOfExperience),
                qualification = \(details.qualification), bio = \(details.bio),
                consultation_fee = \(details.consultationFee), is_available = \(details.isAvailable),
                hospital_name = \(details.hospitalName), city = \(details.city), state = \(details.state),
                country = \(details.country), version = \(entry.version), updated_at = \(entry.updatedAt)
            where doctor_id = \(entry.id) and version = \(entry.version - 1)
            """, refusals: Self.refusals)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    package func remove(_ id: ID<Doctor>, in tx: Transaction) async throws {
        try await tx.run("delete from doctor where doctor_id = \(id)")
    }

    /// The entry whose columns begin at `start`.
    static func entry(_ row: Row, from start: Int = 0) throws -> DoctorEntry {
        let id = try row.id(start, of: Doctor.self)
        guard let specialization = Specialization(rawValue: try row.text(start + 6)) else {
            throw BrokenRecord(table: "doctor", row: id.description)
        }
        var details = DoctorDetails(
            firstName: try row.text(start + 2), lastName: try row.text(start + 3), specialization: specialization,
            isAvailable: try row.bool(start + 12))
        details.email = try row.optionalText(start + 4).flatMap(Email.init)
        details.phone = try row.optionalText(start + 5)
        details.licenseNumber = try row.optionalText(start + 7)
        details.yearsOfExperience = try row.optionalInteger(start + 8)
        details.qualification = try row.optionalText(start + 9)
        details.bio = try row.optionalText(start + 10)
        details.consultationFee = try row.optionalText(start + 11)
        details.hospitalName = try row.optionalText(start + 13)
        details.city = try row.optionalText(start + 14)
        details.state = try row.optionalText(start + 15)
        details.country = try row.optionalText(start + 16)
        return DoctorEntry(
            id: id, creator: try row.id(start + 1), details: details, version: try row.decode(start + 17),
            createdAt: try row.instant(start + 18), updatedAt: try row.instant(start + 19))
    }
}
