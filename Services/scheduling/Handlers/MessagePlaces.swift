import API
import Chassis
import Kernel
import SchedulingDomain
import Web

/// Where a message says something takes place: names, and the zone its times stand in.
struct MessagePlaces: Sendable {
    let schedules: ScheduleStore
    let directory: any DirectorySource
    let zones: TimeZoneStore
    let clock: any WallClock

    /// A hospital and perhaps a doctor, by the names that people know.
    struct Place: Sendable {
        let hospital: String
        let doctor: String?
        /// The doctor's, else the hospital's.
        let zone: String
    }

    func find(_ hospital: ID<Hospital>, _ doctor: ID<Doctor>?, _ call: Call) async throws -> Place {
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [hospital], doctors: doctor.map { [$0] } ?? []), for: call.origin,
            until: call.deadline)
        guard let card = entries.hospitals.first else { throw Problem.notFound }
        var zone = card.timezone
        if let doctor, let found = try await schedules.find(doctor, at: clock.now) { zone = found.schedule.timezone }
        return Place(hospital: card.name, doctor: entries.doctors.first?.displayName, zone: zone)
    }

    /// `15 March 2027, 14:00 (Asia/Kathmandu)`.
    func time(_ moment: Instant, at place: Place) async throws -> String {
        try await zones.text(of: moment, in: place.zone)
    }
}
