import API
import Chassis
package import Kernel
package import Postgres
package import RegistryDomain

/// The directory of doctors.
package struct DoctorStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package static let licenseTaken = Problem.duplicate(
        "license_number", "A doctor with this license number already exists.")
    private static let refusals: Refusals = [
        "doctor_license_number_key": licenseTaken,
        "doctor_department": .field("department_id", "This is no department of the hospital."),
    ]

    package func find(_ id: ID<Doctor>, for caller: Caller) async throws -> DoctorEntry? {
        try await database.read(Self.row, as: Scope(caller)) {
            "select \($0) from doctor d where d.doctor_id = \(id) and d.deleted_at is null"
        }.first
    }

    package func find(_ id: ID<Doctor>, in tx: Transaction) async throws -> DoctorEntry? {
        try await tx.run(Self.row) {
            "select \($0) from doctor d where d.doctor_id = \(id) and d.deleted_at is null"
        }.first
    }

    /// The entry, locked against every other change until the transaction ends. Only who may write it can lock it: for
    /// others the policy shows no row, so ask `mustBeWritable` of what `find` gives before.
    package func lock(_ id: ID<Doctor>, in tx: Transaction) async throws -> DoctorEntry? {
        try await tx.run(Self.row) {
            "select \($0) from doctor d where d.doctor_id = \(id) and d.deleted_at is null for no key update of d"
        }.first
    }

    package func insert(_ entry: DoctorEntry, in tx: Transaction) async throws {
        let details = entry.details
        try await tx.run(
            """
            insert into doctor (
                doctor_id, created_by, first_name, last_name, email, phone, specialization, license_number,
                years_of_experience, qualification, bio, consultation_fee, is_available, hospital_name, city, state,
                country, hospital_id, department_id, account_id, username, is_active, version, created_at, updated_at)
            values (
                \(entry.id), \(entry.creator), \(details.firstName), \(details.lastName), \(details.email?.text),
                \(details.phone), \(details.specialization.rawValue), \(details.licenseNumber),
                \(details.yearsOfExperience), \(details.qualification), \(details.bio), \(details.consultationFee),
                \(details.isAvailable), \(details.hospitalName), \(details.city), \(details.state), \(details.country),
                \(entry.post?.hospital), \(entry.post?.department), \(entry.post?.account), \(entry.post?.username),
                \(entry.post?.isActive ?? true), \(entry.version), \(entry.createdAt), \(entry.updatedAt))
            """, refusals: Self.refusals)
    }

    /// Keeps an entry that `lock` gave and the domain changed.
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
                country = \(details.country), department_id = \(entry.post?.department),
                is_active = \(entry.post?.isActive ?? true), deleted_at = \(entry.post?.deletedAt),
                version = \(entry.version), updated_at = \(entry.updatedAt)
            where doctor_id = \(entry.id) and version = \(entry.version - 1)
            """, refusals: Self.refusals)
        if rows.affected != 1 { throw Problem.preconditionFailed }
    }

    package func remove(_ id: ID<Doctor>, in tx: Transaction) async throws {
        try await tx.run("delete from doctor where doctor_id = \(id)")
    }

    /// The columns of `doctor d`.
    static let row = (entry + post).map { row in
        var entry = row.0
        entry.post = row.1
        return entry
    }

    private static let post = Projection(
        Column<ID<Hospital>?>("d.hospital_id"), Column<ID<Department>?>("d.department_id"),
        Column<ID<Account>?>("d.account_id"), Column<String?>("d.username"), Column<Bool>("d.is_active"),
        Column<Bool>("d.account_active"), Column<Bool>("d.hospital_active"), Column<Instant?>("d.deleted_at")
    ) { hospital, department, account, username, isActive, isAccountActive, isHospitalActive, deletedAt in
        guard let hospital, let account, let username else { return HospitalPost?.none }
        return HospitalPost(
            hospital: hospital, department: department, account: account, username: username, isActive: isActive,
            isAccountActive: isAccountActive, isHospitalActive: isHospitalActive, deletedAt: deletedAt)
    }

    private static let entry = Projection(
        Column<ID<Doctor>>("d.doctor_id"), Column<ID<Account>>("d.created_by"), Column<String>("d.first_name"),
        Column<String>("d.last_name"), Column<String?>("d.email"), Column<String?>("d.phone"),
        Column<Specialization>("d.specialization"), Column<String?>("d.license_number"),
        Column<Int?>("d.years_of_experience"), Column<String?>("d.qualification"), Column<String?>("d.bio"),
        Column<String?>("d.consultation_fee"), Column<Bool>("d.is_available"), Column<String?>("d.hospital_name"),
        Column<String?>("d.city"), Column<String?>("d.state"), Column<String?>("d.country"), Column<Int64>("d.version"),
        Column<Instant>("d.created_at"), Column<Instant>("d.updated_at")
    ) {
        id, creator, firstName, lastName, email, phone, specialization, licenseNumber, yearsOfExperience, qualification,
        bio, consultationFee, isAvailable, hospitalName, city, state, country, version, createdAt, updatedAt in
        var details = DoctorDetails(
            firstName: firstName, lastName: lastName, specialization: specialization, isAvailable: isAvailable)
        details.email = email.flatMap(Email.stored)
        details.phone = phone
        details.licenseNumber = licenseNumber
        details.yearsOfExperience = yearsOfExperience
        details.qualification = qualification
        details.bio = bio
        details.consultationFee = consultationFee
        details.hospitalName = hospitalName
        details.city = city
        details.state = state
        details.country = country
        return DoctorEntry(
            id: id, creator: creator, details: details, version: version, createdAt: createdAt, updatedAt: updatedAt)
    }
}
