package import API
import Kernel
import SchedulingDomain
package import Web

/// What notifier's messages about a visit say, asked when one is written: what was overtaken since is not sent.
package struct AppointmentMessages: Sendable {
    let store: AppointmentStore
    let schedules: ScheduleStore
    let directory: any DirectorySource
    let clock: any WallClock

    package func show(
        _ query: AppointmentMessageQuery, _ call: Call
    ) async throws -> Item<AppointmentMessageView> {
        guard let record = try await store.find(query.appointment, as: .service), query.kind.holds(of: record) else {
            throw Problem.notFound
        }
        let parties = record.parties
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: [parties.hospital], doctors: parties.doctor.map { [$0] } ?? []),
            for: call.origin, until: call.deadline)
        guard let hospital = entries.hospitals.first else { throw Problem.notFound }
        var zone = hospital.timezone
        if let doctor = parties.doctor, let found = try await schedules.find(doctor, at: clock.now) {
            zone = found.schedule.timezone
        }
        return Item(
            AppointmentMessageView(
                hospitalName: hospital.name, doctorName: entries.doctors.first?.displayName,
                time: try await store.localTime(record.time.lowerBound, in: zone)))
    }
}

extension AppointmentMessageQuery.Kind {
    /// Whether what the message tells is still so.
    fileprivate func holds(of record: AppointmentRecord) -> Bool {
        switch self {
        case .requested: record.status == .requested
        case .confirmed: record.status == .confirmed
        case .rejected: record.status == .rejected
        case .cancelled: record.status == .cancelled
        case .rescheduled, .reassigned: record.status == .requested || record.status == .confirmed
        }
    }
}
