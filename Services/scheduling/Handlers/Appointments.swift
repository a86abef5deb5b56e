package import API
import Audit
import Chassis
package import Kernel
import Lifecycle
import Observability
import Postgres
import SchedulingDomain
package import Web

/// `/api/appointments`: visits as the people they join see them. Administrators' reading leaves an access row.
package struct Appointments: Sendable {
    let store: AppointmentStore
    let schedules: ScheduleStore
    let directory: any DirectorySource
    let names: DirectoryNames
    let zones: any AccountZoneSource
    let accesses: AccessLog
    let clock: any WallClock

    package func show(_ input: ByID<Appointment>, _ call: Call) async throws -> Item<AppointmentDetailsView> {
        let caller = try call.requireCaller()
        guard let record = try await store.find(input.id, as: Scope(caller)) else { throw Problem.notFound }
        let history = try await store.history(of: record.id, as: Scope(caller))
        let shown = try await names.names(of: [record.parties], for: call.origin, until: call.deadline)
        if caller.role == .admin {
            try await accesses.seen("appointment.read", subject: "appointment/\(record.id)", from: call.origin)
        }
        return Item(
            AppointmentDetailsView(
                AppointmentView(record, shown), statusReason: record.words.statusReason,
                history: history.map { AppointmentChangeView($0) }), version: record.version)
    }

    /// For records, which decides by it who may read and prescribe.
    package func parties(_ input: ByID<Appointment>, _ call: Call) async throws -> Item<AppointmentPartiesView> {
        guard let record = try await store.find(input.id, as: .service) else { throw Problem.notFound }
        return Item(AppointmentPartiesView(record))
    }

    package func ofPatient(_ query: AppointmentsQuery, _ call: Call) async throws -> Listing<AppointmentView> {
        try await list(query, of: .patient(try call.requireCaller().account), zone: { await chosenZone(call) }, call)
    }

    package func ofHospital(_ query: AppointmentsQuery, _ call: Call) async throws -> Listing<AppointmentView> {
        let hospital: ID<Hospital> = try call.requireCaller().tenant.retyped()
        return try await list(query, of: .hospital(hospital), zone: { try await zone(of: hospital, call) }, call)
    }

    package func ofDoctor(_ query: AppointmentsQuery, _ call: Call) async throws -> Listing<AppointmentView> {
        let caller = try call.requireCaller()
        return try await list(query, of: .doctor(caller.account), zone: { try await ownZone(caller, call) }, call)
    }

    private func list(
        _ query: AppointmentsQuery, of owner: AppointmentStore.Owner, zone: () async throws -> String, _ call: Call
    ) async throws -> Listing<AppointmentView> {
        let zone = query.namesDays ? try await zone() : "UTC"
        let page = try await store.list(query, of: owner, zone: zone, for: try call.requireCaller())
        let shown = try await names.names(of: page.items.map(\.parties), for: call.origin, until: call.deadline)
        return Listing(page.map { AppointmentView($0, shown) }, asked: query.page)
    }

    /// The zone of the patient's preferences. UTC while notifier cannot be asked: the list is worth more than the hours
    /// at its ends.
    private func chosenZone(_ call: Call) async -> String {
        do {
            return try await zones.zone(for: call.origin, until: min(call.deadline, .after(Self.zoneTimeout)))
        } catch {
            log.warning(
                "dates of a patient's list are read in UTC: notifier did not tell the patient's zone",
                ["fault": String(describing: type(of: error))])
            return "UTC"
        }
    }

    private static let zoneTimeout: Duration = .seconds(2)

    /// A doctor's own zone, else their hospital's.
    private func ownZone(_ caller: Caller, _ call: Call) async throws -> String {
        let doctor = try await directory.me(for: call.origin, until: call.deadline).doctor
        if let doctor, let found = try await schedules.find(doctor, at: clock.now) { return found.schedule.timezone }
        return try await zone(of: caller.tenant.retyped(), call)
    }

    private func zone(of hospital: ID<Hospital>, _ call: Call) async throws -> String {
        try await directory.entries(
            DirectoryQuery(hospitals: [hospital]), for: call.origin, until: call.deadline
        ).hospitals.first?.timezone ?? "UTC"
    }
}

extension AppointmentsQuery {
    fileprivate var namesDays: Bool {
        for case .day? in [from, to] { return true }
        return false
    }
}
