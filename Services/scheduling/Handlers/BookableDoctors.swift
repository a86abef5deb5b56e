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
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: [doctor]), for: origin, until: deadline)
        guard let card = entries.doctors.first, card.isActive, entries.hospitals.first?.isBookable == true else {
            return nil
        }
        return card
    }

    /// Whether the doctor's time can be offered to others once it is free. True as well while registry cannot be asked:
    /// nobody needs it to give a time back, and who takes the offer asks again.
    func canOffer(_ doctor: ID<Doctor>, at hospital: ID<Hospital>, _ call: Call) async -> Bool {
        let deadline = min(call.deadline, .after(Self.timeout))
        do {
            return try await find(doctor, at: hospital, for: call.origin, until: deadline) != nil
        } catch {
            log.warning("freed time is offered unasked", ["fault": String(describing: type(of: error))])
            return true
        }
    }

    /// The same of a visit's time. Registry is asked of an open visit with a doctor alone, far enough ahead to be
    /// offered.
    func canOffer(_ visit: AppointmentRecord, at now: Instant, _ call: Call) async -> Bool {
        guard visit.status.isOpen, let doctor = visit.parties.doctor,
            visit.time.lowerBound >= now + WaitlistRules.shortest
        else { return false }
        return await canOffer(doctor, at: visit.parties.hospital, call)
    }
}
