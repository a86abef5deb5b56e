import API
import Kernel

/// Two hospitals with a department and doctors each, and their patients.
struct People: Sendable {
    let hospital = Account.of(1, .hospital, at: 100)
    let otherHospital = Account.of(2, .hospital, at: 200)
    let doctorA = Account.of(11, .doctor, at: 100)
    let doctorB = Account.of(12, .doctor, at: 100)
    let otherDoctor = Account.of(21, .doctor, at: 200)
    let jane = Account.of(31, .patient)
    let john = Account.of(32, .patient)
    let admin = Account.of(41, .admin)

    /// The entries in registry of the same.
    let cardiology = ID<Department>(high: 0xDE, low: 1)
    let neurology = ID<Department>(high: 0xDE, low: 2)
    let otherDepartment = ID<Department>(high: 0xDE, low: 3)
    let janesRecord = ID<Patient>(high: 0xBA, low: 31)
    let johnsRecord = ID<Patient>(high: 0xBA, low: 32)
    /// A record without an account, kept by the hospital.
    let keptRecord = ID<Patient>(high: 0xBA, low: 33)

    var hospitalID: ID<Hospital> { hospital.tenant.retyped() }
    var otherHospitalID: ID<Hospital> { otherHospital.tenant.retyped() }

    func entry(of doctor: Caller) -> ID<Doctor> { ID(high: 0xD0, low: doctor.account.low) }

    func enter(into directory: inout GivenDirectory.State) {
        directory.hospitals = [
            hospital(hospitalID, "General Hospital", hospital),
            hospital(otherHospitalID, "Other Hospital", otherHospital),
        ]
        directory.departments = [
            DepartmentCard(id: cardiology, hospital: hospitalID, name: "Cardiology", isActive: true),
            DepartmentCard(id: neurology, hospital: hospitalID, name: "Neurology", isActive: true),
            DepartmentCard(id: otherDepartment, hospital: otherHospitalID, name: "Surgery", isActive: true),
        ]
        directory.doctors = [
            doctor(doctorA, "Dr. Emily Chen", hospitalID, cardiology),
            doctor(doctorB, "Dr. Raj Patel", hospitalID, cardiology),
            doctor(otherDoctor, "Dr. Ann Other", otherHospitalID, otherDepartment),
        ]
        directory.patients = [
            patient(janesRecord, "Jane Smith", jane), patient(johnsRecord, "John Doe", john),
            PatientCard(
                id: keptRecord, account: nil, keeper: hospital.account, tenant: hospital.tenant, fullName: "Kim Kept"),
        ]
    }

    private func hospital(_ id: ID<Hospital>, _ name: String, _ caller: Caller) -> HospitalCard {
        HospitalCard(
            id: id, name: name, status: .approved, isActive: true, timezone: "UTC",
            prescribingPolicy: .warn, account: caller.account)
    }

    private func doctor(
        _ caller: Caller, _ name: String, _ hospital: ID<Hospital>, _ department: ID<Department>
    ) -> DoctorCard {
        DoctorCard(
            id: entry(of: caller), hospital: hospital, department: department, account: caller.account,
            displayName: name, isActive: true)
    }

    private func patient(_ id: ID<Patient>, _ name: String, _ caller: Caller) -> PatientCard {
        PatientCard(id: id, account: caller.account, keeper: caller.account, tenant: caller.tenant, fullName: name)
    }
}

extension Account {
    fileprivate static func of(_ number: UInt64, _ role: Role, at hospital: UInt64? = nil) -> Caller {
        Caller(
            account: ID(high: 0xA, low: number), role: role, tenant: hospital.map { ID(high: 0xD, low: $0) },
            session: ID(high: 0xB, low: number))
    }
}
