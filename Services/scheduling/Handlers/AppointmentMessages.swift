package import API
import Kernel
import Postgres
import SchedulingDomain
package import Web

/// What notifier's messages about a visit say, asked when one is written: what was overtaken since is not sent.
package struct AppointmentMessages: Sendable {
    let store: AppointmentStore
    let places: MessagePlaces
    let clock: any WallClock

    package func show(
        _ query: AppointmentMessageQuery, _ call: Call
    ) async throws -> MaybeItem<AppointmentMessageView> {
        guard let record = try await store.find(query.appointment, as: .service) else { throw Problem.notFound }
        guard query.isStillSo(of: record, at: clock.now) else { return MaybeItem(nil) }
        let place = try await places.find(record.parties.hospital, record.parties.doctor, call)
        return MaybeItem(
            AppointmentMessageView(
                hospitalName: place.hospital, doctorName: place.doctor,
                time: try await places.time(record.time.lowerBound, at: place),
                calendar: try query.kind.changesCalendars ? calendar(of: record, at: place, for: query.account) : nil))
    }

    /// Whom the visit does not join any more has it taken out of their calendar.
    private func calendar(
        of record: AppointmentRecord, at place: MessagePlaces.Place, for account: ID<Account>
    ) throws -> CalendarPartView {
        let parties = record.parties
        let isJoined = [parties.patientAccount, parties.doctorAccount, parties.hospitalAccount].contains(account)
        let entry = CalendarEntry(
            appointment: record.id, sequence: record.sequence, changedAt: record.updatedAt,
            start: record.time.lowerBound, end: record.time.upperBound,
            status: isJoined ? CalendarEntry.Status(record.status) : .cancelled, hospital: place.hospital,
            doctor: place.doctor)
        return CalendarPartView(
            method: entry.status == .cancelled ? .cancel : .publish, text: try CalendarText.of(entry))
    }
}

extension AppointmentMessageQuery {
    /// Whether what the message tells is still so.
    fileprivate func isStillSo(of record: AppointmentRecord, at now: Instant) -> Bool {
        guard start == nil || record.time.lowerBound == start else { return false }
        return switch kind {
        case .requested: record.status == .requested
        case .confirmed: record.status == .confirmed
        case .rejected: record.status == .rejected
        case .cancelled: record.status == .cancelled
        case .rescheduled, .reassigned: record.status == .requested || record.status == .confirmed
        case .reminder: record.status == .confirmed && record.time.lowerBound > now
        }
    }
}

extension AppointmentMessageQuery.Kind {
    /// A request is in nobody's calendar yet, and a reminder changes nothing.
    fileprivate var changesCalendars: Bool {
        switch self {
        case .requested, .reminder: false
        case .confirmed, .rejected, .cancelled, .rescheduled, .reassigned: true
        }
    }
}
