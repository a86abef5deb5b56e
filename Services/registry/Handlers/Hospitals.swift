package import API
import Chassis
import Events
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// Hospitals as others find them, as they change themselves, and as administrators judge them.
package struct Hospitals: Sendable {
    let store: HospitalStore
    let doctors: HospitalDoctorStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func list(_ query: HospitalsQuery, _ call: Call) async throws -> Listing<HospitalView> {
        let page = try await store.list(query, for: call.caller)
        return Listing(page.map { HospitalView($0, isOpen: $0.isOpen(to: call.caller)) }, asked: query.page)
    }

    package func nearby(_ query: NearbyQuery, _ call: Call) async throws -> Listing<NearbyHospitalView> {
        let found = try await store.nearby(query).map { near in
            NearbyHospitalView(
                hospital: HospitalView(near.entry, isOpen: near.entry.isOpen(to: call.caller)),
                distanceKilometres: (near.kilometres * 1000).rounded() / 1000)
        }
        return Listing(Page(items: found, total: found.count), asked: PageRequest(size: query.limit))
    }

    package func show(_ input: ByID<Hospital>, _ call: Call) async throws -> Item<HospitalView> {
        guard let entry = try await store.find(input.id), entry.isFound(by: call.caller) else {
            throw Problem.notFound
        }
        let isOpen = entry.isOpen(to: call.caller)
        // Two who see different things of one version must not be told that nothing changed.
        return Item(HospitalView(entry, isOpen: isOpen), version: isOpen ? entry.version : nil)
    }

    /// For a mail about it.
    package func message(_ input: ByID<Hospital>, _ call: Call) async throws -> Item<HospitalMessageView> {
        guard let entry = try await store.find(input.id) else { throw Problem.notFound }
        return Item(
            HospitalMessageView(
                id: entry.id, name: entry.details.name, city: entry.details.city, licenseNumber: entry.licenseNumber,
                status: entry.verdict.status, isActive: entry.isActive, rejectionReason: entry.verdict.reason))
    }

    package func numbers(_: NoInput, _: Call) async throws -> Item<HospitalNumbersView> {
        Item(HospitalNumbersView(try await store.numbers()))
    }

    package func change(
        _ input: WithID<Hospital, Patch<HospitalBody>>, _ call: Call
    ) async throws -> Item<HospitalView> {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id), seen.isFound(by: caller) else { throw Problem.notFound }
        guard seen.isOpen(to: caller) else { throw Problem.forbidden }
        try await check(input.body, over: seen.details)
        return try await unit.write(call) { tx in
            let entry = try await locked(input.id, call, in: tx)
            let details = HospitalDetails(try input.body.applied(to: HospitalBody(entry.details).json))
            guard let changed = entry.changed(to: details, at: clock.now) else { return answer(entry) }
            try await store.update(changed, in: tx)
            try await ledger.record(.hospitalUpdated(changed.fact), from: call.origin, in: tx)
            return answer(changed)
        }
    }

    /// All that is wrong with a patch, at once.
    private func check(_ patch: Patch<HospitalBody>, over details: HospitalDetails) async throws {
        var faults: [Problem.FieldFaults] = []
        do { _ = try patch.applied(to: HospitalBody(details).json) } catch {
            guard error.code == .validationFailed else { throw error }
            faults = error.errors
        }
        if let zone = HospitalBody.timezone(in: patch.changes), zone != details.timezone {
            faults = faults.merged(with: try await store.faults(ofTimezone: zone))
        }
        guard faults.isEmpty else { throw Problem.validation(faults) }
    }

    package func approve(_ input: ByID<Hospital>, _ call: Call) async throws -> Item<HospitalView> {
        try await decide(input.id, .approved, call) { .hospitalApproved($0) }
    }

    package func reject(
        _ input: WithID<Hospital, HospitalRejection>, _ call: Call
    ) async throws -> Item<HospitalView> {
        try await decide(input.id, .rejected(reason: input.body.reason), call) { .hospitalRejected($0) }
    }

    package func delete(_ input: ByID<Hospital>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let deleted = try await locked(input.id, call, in: tx).deleted(at: clock.now)
            try await store.decide(deleted, by: caller.account, in: tx)
            try await doctors.removeAll(of: deleted.id, at: deleted.updatedAt, in: tx)
            try await ledger.record(.hospitalDeleted(deleted.fact), from: call.origin, in: tx)
            return Done()
        }
    }

    private func decide(
        _ id: ID<Hospital>, _ verdict: HospitalVerdict, _ call: Call, _ event: (HospitalFact) -> Event
    ) async throws -> Item<HospitalView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let entry = try await locked(id, call, in: tx)
            guard let reviewed = entry.reviewed(verdict, at: clock.now) else { return answer(entry) }
            try await store.decide(reviewed, by: caller.account, in: tx)
            try await ledger.record(event(reviewed.fact), from: call.origin, in: tx)
            return answer(reviewed)
        }
    }

    /// Not there: 404; changed since: 412.
    private func locked(_ id: ID<Hospital>, _ call: Call, in tx: Transaction) async throws -> HospitalEntry {
        guard let entry = try await store.lock(id, in: tx) else { throw Problem.notFound }
        try call.condition.check(entry.version)
        return entry
    }

    private func answer(_ entry: HospitalEntry) -> Item<HospitalView> {
        Item(HospitalView(entry, isOpen: true), version: entry.version)
    }
}
