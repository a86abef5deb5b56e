package import API
import Chassis
import Events
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// `/api/appointments/waitlist`: patients who wait for a time that is taken.
package struct Waitlist: Sendable {
    let directory: any DirectorySource
    let schedules: ScheduleStore
    let store: WaitlistStore
    let claims: ClaimStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func join(_ input: WaitlistBody, _ call: Call) async throws -> Created<WaitlistEntryView> {
        let caller = try call.requireCaller()
        let now = clock.now
        async let me = directory.me(for: call.origin, until: call.deadline)
        let hospital = try await hospital(input, call)
        guard let patient = try await me.patient else { throw Problem.forbidden }
        let zone = try await zone(of: input.doctor, at: now) ?? hospital.timezone
        let (from, to) = try await store.range(from: input.from, to: input.to, zone: zone)
        guard from < to else { throw Problem.field("to", "Must be after from.") }
        guard to > now else { throw Problem.field("to", "Must be in the future.") }
        let place = WaitlistPlace(
            id: .make(at: now), patient: patient, account: caller.account, hospital: input.hospital,
            department: input.department, doctor: input.doctor, from: from, to: to, status: .waiting,
            reason: input.reason, offer: nil, createdAt: now)
        return try await unit.write(call) { tx in
            // One of a patient's requests after the other, so that the number of their entries is right.
            try await claims.lock(doctors: [], patient: patient, in: tx)
            guard try await store.count(of: caller.account, at: now, in: tx) < WaitlistRules.atMost else {
                throw WaitlistRules.tooMany
            }
            try await store.insert(place, tenant: caller.tenant, in: tx)
            try await ledger.note(
                "waitlist.joined", about: "waitlist_entry/\(place.id)", from: call.origin, in: tx)
            return Created(WaitlistEntryView(place), at: "/api/appointments/waitlist")
        }
    }

    package func list(_ query: WaitlistQuery, _ call: Call) async throws -> Listing<WaitlistEntryView> {
        let page = try await store.list(query.page, for: try call.requireCaller())
        return Listing(page.map { WaitlistEntryView($0) }, asked: query.page)
    }

    package func leave(_ input: ByID<WaitlistEntry>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard try await store.leave(input.id, of: caller.account, in: tx) else { throw Problem.notFound }
            try await ledger.note("waitlist.left", about: "waitlist_entry/\(input.id)", from: call.origin, in: tx)
            return Done()
        }
    }

    private func zone(of doctor: ID<Doctor>?, at now: Instant) async throws -> String? {
        guard let doctor else { return nil }
        return try await schedules.find(doctor, at: now)?.schedule.timezone
    }

    /// The hospital; who and what is not of it is refused by its field.
    private func hospital(_ input: WaitlistBody, _ call: Call) async throws -> HospitalCard {
        let entries = try await directory.entries(
            DirectoryQuery(
                hospitals: [input.hospital], departments: input.department.map { [$0] } ?? [],
                doctors: input.doctor.map { [$0] } ?? []), for: call.origin, until: call.deadline)
        guard let hospital = entries.hospitals.first, hospital.isBookable else {
            throw Problem.field("hospital_id", "There is no such hospital.")
        }
        let department = entries.departments.first { $0.hospital == hospital.id && $0.isActive }
        if input.department != nil, department == nil {
            throw Problem.field("department_id", "There is no such department of this hospital.")
        }
        if let doctor = input.doctor {
            guard let card = entries.doctors.first, card.id == doctor, card.hospital == hospital.id, card.isActive,
                input.department == nil || card.department == input.department
            else { throw Problem.field("doctor_id", "There is no such doctor of this hospital.") }
        }
        return hospital
    }
}

extension WaitlistEntryView {
    init(_ place: WaitlistPlace) {
        self.init(
            id: place.id, status: place.status, hospital: place.hospital, department: place.department,
            doctor: place.doctor, from: place.from, to: place.to, reason: place.reason,
            offer: place.offer.map {
                OfferView(hold: $0.hold, slot: $0.slot, end: $0.end, expiresAt: $0.until)
            }, createdAt: place.createdAt)
    }
}
