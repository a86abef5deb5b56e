import API
import Chassis
import Kernel
import Web

/// Who may act for a doctor: the hospital, and the doctor. For everybody else the doctor is not there.
struct DoctorAccess: Sendable {
    let directory: any DirectorySource

    /// A doctor, and the hospital they work at.
    struct Staff: Sendable {
        let doctor: DoctorCard
        let hospital: HospitalCard
    }

    func staff(_ id: ID<Doctor>, _ call: Call) async throws -> Staff {
        let caller = try call.requireCaller()
        let hospital: ID<Hospital> = caller.tenant.retyped()
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: [id]), for: call.origin, until: call.deadline)
        guard let doctor = entries.doctors.first(where: { $0.id == id }), doctor.hospital == hospital,
            let employer = entries.hospitals.first(where: { $0.id == hospital }),
            caller.role == .hospital || caller.role == .doctor && doctor.account == caller.account
        else { throw Problem.notFound }
        return Staff(doctor: doctor, hospital: employer)
    }
}
