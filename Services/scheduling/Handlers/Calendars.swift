package import API
import Chassis
import Crypto
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// Visits as calendar files and feeds.
package struct Calendars: Sendable {
    let store: CalendarStore
    let directory: any DirectorySource
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// How far back a feed goes.
    private static let past: Duration = .seconds(30 * 86_400)

    package func appointment(_ input: ByID<Appointment>, _ call: Call) async throws -> CalendarFile {
        guard let visit = try await store.visit(input.id, as: Scope(try call.requireCaller())) else {
            throw Problem.notFound
        }
        guard let entry = try await entries([visit], call).first else { throw Problem.notFound }
        return CalendarFile(try CalendarText.of(entry))
    }

    package func makeToken(_ input: NoInput, _ call: Call) async throws -> Created<CalendarTokenView> {
        let caller = try call.requireCaller()
        let token = Base64URL.encode(Random.bytes(32))
        return try await unit.write(call) { tx in
            try await store.keep(token, of: caller, at: clock.now, in: tx)
            try await ledger.note(
                "calendar.token_created", about: "account/\(caller.account)", from: call.origin, in: tx)
            return Created(
                CalendarTokenView(token: token, url: "\(call.baseURL)/api/calendar/\(token).ics"), at: nil,
                repeating: CalendarTokenView(token: nil, url: nil))
        }
    }

    package func removeToken(_ input: NoInput, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard try await store.removeToken(of: caller.account, in: tx) else { throw Problem.notFound }
            try await ledger.note(
                "calendar.token_removed", about: "account/\(caller.account)", from: call.origin, in: tx)
            return Done()
        }
    }

    package func feed(_ input: CalendarAddress, _ call: Call) async throws -> CalendarFile {
        guard let account = try await store.account(of: input.token) else { throw Problem.notFound }
        let visits = try await store.visits(of: account, since: clock.now - Self.past)
        return CalendarFile(try CalendarText.feed(try await entries(visits, call)))
    }

    /// With the names of hospitals and doctors, and nothing that tells an illness.
    private func entries(_ visits: [CalendarStore.Visit], _ call: Call) async throws -> [CalendarEntry] {
        var hospitals: [ID<Hospital>: String] = [:]
        var doctors: [ID<Doctor>: String] = [:]
        for query in DirectoryQuery.batches(
            hospitals: Set(visits.map(\.hospital)), doctors: Set(visits.compactMap(\.doctor)))
        {
            let names = try await directory.entries(query, for: call.origin, until: call.deadline)
            for hospital in names.hospitals { hospitals[hospital.id] = hospital.name }
            for doctor in names.doctors { doctors[doctor.id] = doctor.displayName }
        }
        return visits.map { visit in
            CalendarEntry(
                appointment: visit.id, sequence: visit.sequence, changedAt: visit.changedAt, start: visit.start,
                end: visit.end, status: CalendarEntry.Status(visit.status), hospital: hospitals[visit.hospital] ?? "",
                doctor: visit.doctor.flatMap { doctors[$0] })
        }
    }
}

extension DirectoryQuery {
    /// Questions of at most as many ids as one may have.
    static func batches(hospitals: Set<ID<Hospital>>, doctors: Set<ID<Doctor>>) -> [DirectoryQuery] {
        let (hospitals, doctors) = (hospitals.sorted(), doctors.sorted())
        return stride(from: 0, to: max(hospitals.count, doctors.count), by: limit).map { first in
            DirectoryQuery(
                hospitals: Array(hospitals.dropFirst(first).prefix(limit)),
                doctors: Array(doctors.dropFirst(first).prefix(limit)))
        }
    }
}
