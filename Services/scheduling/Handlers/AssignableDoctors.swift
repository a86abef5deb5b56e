import API
import Chassis
import Kernel
import SchedulingDomain
import Web

/// Doctors as registry knows them at this moment: who was shut out just now is given no visit.
struct AssignableDoctors: Sendable {
    let directory: any DirectorySource

    /// - Throws: a fault of `doctor_id` where the doctor is inactive, or of another hospital or department. Of one who
    ///   was asked for the department is not asked again, of one who has the confirmed visit nothing is.
    func card(_ id: ID<Doctor>, for record: AppointmentRecord, _ call: Call) async throws -> DoctorCard {
        let hospital = record.parties.hospital
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: [id]), for: call.origin, until: call.deadline)
        let isTheirs = record.parties.doctor == id
        guard let card = entries.doctors.first(where: { $0.id == id }),
            isTheirs && record.status == .confirmed
                || card.canSee(visitsOf: isTheirs ? nil : record.parties.department, at: hospital)
        else { throw Problem.field("doctor_id", "There is no such doctor of this hospital or department.") }
        return card
    }
}
