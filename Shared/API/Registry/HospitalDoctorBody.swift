package import Forms
package import JSON
package import Kernel

/// A doctor whom a hospital makes: an entry of the directory in one of its departments.
package struct HospitalDoctorBody: Input, Equatable {
    package let firstName: String
    package let lastName: String
    package let email: Email
    package let phone: String?
    package let specialization: Specialization
    package let department: ID<Department>
    package let licenseNumber: String
    package let yearsOfExperience: Int?
    package let qualification: String?
    package let bio: String?
    /// A decimal text with two places.
    package let consultationFee: String?
    package let isAvailable: Bool

    private static let form = Form(
        .text("first_name", 1...100), .text("last_name", 1...100), .email("email"),
        .unlessBlank(.localPhone("phone_number")), .choice("specialization", Specialization.spellings),
        .id("department_id", of: Department.self), .hospitalLicense("license_number"),
        .unlessBlank(.integer("years_of_experience", 0...80)), .unlessBlank(.text("qualification", 0...300)),
        .unlessBlank(.text("bio", 0...5000, multiline: true)), .unlessBlank(.decimal("consultation_fee")),
        .boolean("is_available").or(true))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let body = Self(source, into: faults)
        try faults.raise()
        guard let body else { throw .internalError }
        self = body
    }

    /// Nil when something is wrong, which the faults say then.
    fileprivate init?(_ source: Source, into faults: Faults) {
        guard let read = Self.form.read(source, into: faults) else { return nil }
        (
            firstName, lastName, email, phone, specialization, department, licenseNumber, yearsOfExperience,
            qualification, bio, consultationFee, isAvailable
        ) = read
    }

    package static let example: JSONValue? = [
        "first_name": "Ali", "last_name": "Khan", "email": "ali.khan@city-hospital.example",
        "phone_number": "+12125550123", "specialization": "cardiology",
        "department_id": DemoRecord(Department.self).example, "license_number": "LIC-2026-201",
    ]
}

/// What a hospital may change of a doctor of its own; a merge patch is laid over all of it.
package struct HospitalDoctorPatch: Input, Equatable {
    package let doctor: HospitalDoctorBody
    package let isActive: Bool

    private static let active = Field<Bool>.boolean("is_active").or(true)

    package static var properties: [Schema.Property] { HospitalDoctorBody.properties + active.properties }
    package static var example: JSONValue? {
        guard case .object(let members)? = HospitalDoctorBody.example else { return nil }
        return .object([JSONMember(key: "is_active", value: false)] + members)
    }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let doctor = HospitalDoctorBody(source, into: faults)
        let isActive = Self.active.read(source, faults)
        try faults.raise()
        guard let doctor, let isActive else { throw .internalError }
        self.doctor = doctor
        self.isActive = isActive
    }
}

/// Which of a hospital's doctors are asked for.
package struct HospitalDoctorsQuery: Input {
    package let department: ID<Department>?
    package let isActive: Bool?
    package let search: String?
    package let page: PageRequest

    private static let form = Form(
        .unlessBlank(.id("department_id", of: Department.self, in: .query)),
        .unlessBlank(.boolean("is_active", in: .query)), .unlessBlank(.text("search", 0...200, in: .query)), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        (department, isActive, search, page) = try Self.form.read(source)
    }
}
