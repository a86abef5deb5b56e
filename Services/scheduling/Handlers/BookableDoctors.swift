import API
import Chassis
import Kernel
import Lifecycle
import Observability
import SchedulingDomain
import Web

/// Whether visits can be booked with a doctor, as registry says at this moment.
struct BookableDoctors: Sendable {
    let directory: any DirectorySource

    /// How long registry is waited for where the answer decides nothing but an offer.
    private static let timeout: Duration = .seconds(2)

    /// The doctor; nil of one who was shut out, and at a hospital that takes no bookings.
    func find(
        _ doctor: ID<Doctor>, at hospital: ID<Hospital>, for origin: Origin, until deadline: Deadline
    ) async throws -> DoctorCard? {
        try await entries(doctor, at: hospital, for: origin, until: deadline)?.doctor
    }

    /// The same, as the doctor whose time becomes free.
    func freed(
        _ doctor: ID<Doctor>, at hospital: ID<Hospital>, for origin: Origin, until deadline: Deadline
    ) async throws -> FreedDoctor? {
        guard let found = try await entries(doctor, at: hospital, for: origin, until: deadline) else { return nil }
        return FreedDoctor(account: found.doctor.account, zone: found.hospital.timezone)
    }

    private func entries(
        _ doctor: ID<Doctor>, at hospital: ID<Hospital>, for origin: Origin, until deadline: Deadline
    ) async throws -> (doctor: DoctorCard, hospital: HospitalCard)? {
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: [doctor]), for: origin, until: deadline)
        guard let doctor = entries.doctors.first, doctor.isActive, let hospital = entries.hospitals.first,
            hospital.isBookable
        else { return nil }
        return (doctor, hospital)
    }

    /// The doctor whose time others can have once it is free; nil where nobody can. While registry cannot be asked the
    /// time is others' all the same: nobody needs it to give a time back, and who takes an offer asks again.
    /// - Parameter account: the doctor's, as far as it is known here.
    func freed(
        _ doctor: ID<Doctor>, at hospital: ID<Hospital>, account: ID<Account>? = nil, _ call: Call
    ) async -> FreedDoctor? {
        do {
            return try await freed(
                doctor, at: hospital, for: call.origin, until: min(call.deadline, .after(Self.timeout)))
        } catch {
            log.warning("freed time is offered unasked", ["fault": String(describing: type(of: error))])
            return FreedDoctor(account: account, zone: "UTC")
        }
    }

    /// The same of a visit's time. Registry is asked of an open visit ahead with a doctor alone.
    func freed(by visit: AppointmentRecord, at now: Instant, _ call: Call) async -> FreedDoctor? {
        guard visit.status.isOpen, let doctor = visit.parties.doctor, visit.time.lowerBound > now else { return nil }
        return await freed(doctor, at: visit.parties.hospital, account: visit.parties.doctorAccount, call)
    }
}
