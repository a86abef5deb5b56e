package import Forms
package import JSON
package import Kernel

/// Whose names and standing another service asks for, all at once.
package struct DirectoryQuery: Input {
    package let hospitals: [ID<Hospital>]
    package let departments: [ID<Department>]
    package let doctors: [ID<Doctor>]
    /// Found when they registered themselves, or are kept by one of the hospitals named here or by the caller's tenant.
    package let patients: [ID<Patient>]
    /// Accounts of hospitals' doctors and of providers, who are asked for by name alone.
    package let professionals: [ID<Account>]

    /// Ids of one kind in one question.
    package static let limit = 200

    private static let form = Form(
        ids("hospital_ids", of: Hospital.self), ids("department_ids", of: Department.self),
        ids("doctor_ids", of: Doctor.self), ids("patient_ids", of: Patient.self),
        ids("professional_account_ids", of: Account.self))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["hospital_ids": ["0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"]] }

    package init(
        hospitals: [ID<Hospital>] = [], departments: [ID<Department>] = [], doctors: [ID<Doctor>] = [],
        patients: [ID<Patient>] = [], professionals: [ID<Account>] = []
    ) {
        self.hospitals = hospitals
        self.departments = departments
        self.doctors = doctors
        self.patients = patients
        self.professionals = professionals
    }

    package init(_ source: Source) throws(Problem) {
        (hospitals, departments, doctors, patients, professionals) = try Self.form.read(source)
    }

    /// The body for it.
    package var json: JSONValue {
        [
            "hospital_ids": Self.json(hospitals), "department_ids": Self.json(departments),
            "doctor_ids": Self.json(doctors), "patient_ids": Self.json(patients),
            "professional_account_ids": Self.json(professionals),
        ]
    }

    private static func ids<Entity>(_ name: String, of _: Entity.Type) -> Field<[ID<Entity>]> {
        Field<[String]>.texts(name, 36...36, atMost: limit)
            .checked { texts in texts.allSatisfy { ID<Entity>($0) != nil } ? nil : "Must be valid ids." }
            .or([]).map { $0.compactMap { ID<Entity>($0) } }
    }

    private static func json<Entity>(_ ids: [ID<Entity>]) -> JSONValue {
        .array(ids.map { .string($0.description) })
    }
}
