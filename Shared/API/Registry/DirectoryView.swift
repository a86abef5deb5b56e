package import JSON
package import Kernel

/// What registry knows of those who were asked for; who is unknown is left out.
package struct DirectoryView: View {
    package let hospitals: [HospitalCard]
    package let departments: [DepartmentCard]
    package let doctors: [DoctorCard]
    package let patients: [PatientCard]
    package let professionals: [ProfessionalCard]

    package init(
        hospitals: [HospitalCard] = [], departments: [DepartmentCard] = [], doctors: [DoctorCard] = [],
        patients: [PatientCard] = [], professionals: [ProfessionalCard] = []
    ) {
        self.hospitals = hospitals
        self.departments = departments
        self.doctors = doctors
        self.patients = patients
        self.professionals = professionals
    }

    package static let shape = Shape<DirectoryView>(
        "Directory", .views("hospitals") { $0.hospitals }, .views("departments") { $0.departments },
        .views("doctors") { $0.doctors }, .views("patients") { $0.patients },
        .views("professionals") { $0.professionals })

    /// As registry wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let hospitals = Self.read(json["hospitals"], HospitalCard.init),
            let departments = Self.read(json["departments"], DepartmentCard.init),
            let doctors = Self.read(json["doctors"], DoctorCard.init),
            let patients = Self.read(json["patients"], PatientCard.init),
            let professionals = Self.read(json["professionals"], ProfessionalCard.init)
        else { return nil }
        self.init(
            hospitals: hospitals, departments: departments, doctors: doctors, patients: patients,
            professionals: professionals)
    }

    private static func read<Card>(_ json: JSONValue?, _ card: (JSONValue) -> Card?) -> [Card]? {
        guard let elements = json?.array else { return nil }
        let cards = elements.compactMap(card)
        return cards.count == elements.count ? cards : nil
    }
}

/// A hospital by name and standing; a deleted one keeps its name.
package struct HospitalCard: View, Equatable {
    package let id: ID<Hospital>
    package let name: String
    package let status: HospitalStatus
    package let isActive: Bool
    package let timezone: String
    package let prescribingPolicy: PrescribingPolicy
    package let account: ID<Account>

    package init(
        id: ID<Hospital>, name: String, status: HospitalStatus, isActive: Bool, timezone: String,
        prescribingPolicy: PrescribingPolicy, account: ID<Account>
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.isActive = isActive
        self.timezone = timezone
        self.prescribingPolicy = prescribingPolicy
        self.account = account
    }

    package static let shape = Shape<HospitalCard>(
        "HospitalCard", .id("id") { $0.id }, .text("name") { $0.name },
        .choice("status", HospitalStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .boolean("is_active") { $0.isActive }, .text("timezone") { $0.timezone },
        .choice("prescribing_policy", PrescribingPolicy.allCases.map(\.rawValue)) { $0.prescribingPolicy.rawValue },
        .id("account_id") { $0.account })

    init?(_ json: JSONValue) {
        guard let id: ID<Hospital> = json.id("id"), let name = json["name"]?.string,
            let status = json["status"]?.string.flatMap({ HospitalStatus(rawValue: $0) }),
            let isActive = json["is_active"]?.bool, let timezone = json["timezone"]?.string,
            let policy = json["prescribing_policy"]?.string.flatMap({ PrescribingPolicy(rawValue: $0) }),
            let account: ID<Account> = json.id("account_id")
        else { return nil }
        self.init(
            id: id, name: name, status: status, isActive: isActive, timezone: timezone, prescribingPolicy: policy,
            account: account)
    }
}

/// A department by name; a deleted one keeps it.
package struct DepartmentCard: View, Equatable {
    package let id: ID<Department>
    package let hospital: ID<Hospital>
    package let name: String
    /// False of a deleted one: nobody is booked there any more.
    package let isActive: Bool

    package init(id: ID<Department>, hospital: ID<Hospital>, name: String, isActive: Bool) {
        self.id = id
        self.hospital = hospital
        self.name = name
        self.isActive = isActive
    }

    package static let shape = Shape<DepartmentCard>(
        "DepartmentCard", .id("id") { $0.id }, .id("hospital_id") { $0.hospital }, .text("name") { $0.name },
        .boolean("is_active") { $0.isActive })

    init?(_ json: JSONValue) {
        guard let id: ID<Department> = json.id("id"), let hospital: ID<Hospital> = json.id("hospital_id"),
            let name = json["name"]?.string, let isActive = json["is_active"]?.bool
        else { return nil }
        self.init(id: id, hospital: hospital, name: name, isActive: isActive)
    }
}

/// A doctor by name and standing; one of a hospital keeps it when deleted.
package struct DoctorCard: View, Equatable {
    package let id: ID<Doctor>
    package let hospital: ID<Hospital>?
    package let department: ID<Department>?
    package let account: ID<Account>?
    package let displayName: String
    package let isActive: Bool

    package init(
        id: ID<Doctor>, hospital: ID<Hospital>?, department: ID<Department>?, account: ID<Account>?,
        displayName: String, isActive: Bool
    ) {
        self.id = id
        self.hospital = hospital
        self.department = department
        self.account = account
        self.displayName = displayName
        self.isActive = isActive
    }

    package static let shape = Shape<DoctorCard>(
        "DoctorCard", .id("id") { $0.id }, .maybeID("hospital_id") { $0.hospital },
        .maybeID("department_id") { $0.department }, .maybeID("account_id") { $0.account },
        .text("display_name") { $0.displayName }, .boolean("is_active") { $0.isActive })

    init?(_ json: JSONValue) {
        guard let id: ID<Doctor> = json.id("id"), let name = json["display_name"]?.string,
            let isActive = json["is_active"]?.bool
        else { return nil }
        self.init(
            id: id, hospital: json.id("hospital_id"), department: json.id("department_id"),
            account: json.id("account_id"), displayName: name, isActive: isActive)
    }
}

/// A patient by name, and whose record it is.
package struct PatientCard: View, Equatable {
    package let id: ID<Patient>
    /// Nil of a record without an account.
    package let account: ID<Account>?
    package let keeper: ID<Account>
    package let tenant: ID<Tenant>
    package let fullName: String

    package init(
        id: ID<Patient>, account: ID<Account>?, keeper: ID<Account>, tenant: ID<Tenant>, fullName: String
    ) {
        self.id = id
        self.account = account
        self.keeper = keeper
        self.tenant = tenant
        self.fullName = fullName
    }

    package static let shape = Shape<PatientCard>(
        "PatientCard", .id("id") { $0.id }, .maybeID("account_id") { $0.account },
        .id("keeper_account_id") { $0.keeper }, .id("tenant_id") { $0.tenant }, .text("full_name") { $0.fullName })

    init?(_ json: JSONValue) {
        guard let id: ID<Patient> = json.id("id"), let keeper: ID<Account> = json.id("keeper_account_id"),
            let tenant: ID<Tenant> = json.id("tenant_id"), let name = json["full_name"]?.string
        else { return nil }
        self.init(id: id, account: json.id("account_id"), keeper: keeper, tenant: tenant, fullName: name)
    }
}

/// Whoever treats patients by this account, a hospital's doctor or a provider: what they are called.
package struct ProfessionalCard: View, Equatable {
    package let account: ID<Account>
    package let displayName: String

    package init(account: ID<Account>, displayName: String) {
        self.account = account
        self.displayName = displayName
    }

    package static let shape = Shape<ProfessionalCard>(
        "ProfessionalCard", .id("account_id") { $0.account }, .text("display_name") { $0.displayName })

    init?(_ json: JSONValue) {
        guard let account: ID<Account> = json.id("account_id"), let name = json["display_name"]?.string else {
            return nil
        }
        self.init(account: account, displayName: name)
    }
}

extension JSONValue {
    func id<Entity>(_ key: String) -> ID<Entity>? { self[key]?.string.flatMap { ID<Entity>($0) } }
}
