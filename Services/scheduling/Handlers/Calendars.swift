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
    let names: DirectoryNames
    let accounts: any StandingSource
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
            try await store.keep(token, of: caller.account, at: clock.now, in: tx)
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
        guard let account = try await store.account(of: input.token),
            try await accounts.isAdmitted(account, until: call.deadline)
        else { throw Problem.notFound }
        let visits = try await store.visits(of: account, since: clock.now - Self.past)
        return CalendarFile(try CalendarText.feed(try await entries(visits, call)))
    }

    /// With the names of hospitals and doctors, and nothing that tells an illness.
    private func entries(_ visits: [CalendarStore.Visit], _ call: Call) async throws -> [CalendarEntry] {
        let names = try await names.names(
            ofHospitals: Set(visits.map(\.hospital)), doctors: Set(visits.compactMap(\.doctor)), for: call.origin,
            until: call.deadline)
        return visits.map { visit in
            CalendarEntry(
                appointment: visit.id, sequence: visit.sequence, changedAt: visit.changedAt, start: visit.start,
                end: visit.end, status: CalendarEntry.Status(visit.status),
                hospital: names.hospitals[visit.hospital] ?? "", doctor: visit.doctor.flatMap { names.doctors[$0] })
        }
    }
}
