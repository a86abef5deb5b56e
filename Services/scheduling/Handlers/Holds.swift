package import API
import Chassis
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// `/api/appointments/holds`: slots that are kept for a patient while they make up their mind.
package struct Holds: Sendable {
    let directory: any DirectorySource
    let bookable: BookableDoctors
    let database: Database
    let schedules: ScheduleStore
    let slots: SlotStore
    let store: HoldStore
    let claims: ClaimStore
    let times: VisitTimes
    let offers: WaitlistOffers
    let unit: UnitOfWork
    let clock: any WallClock

    package func make(_ input: HoldBody, _ call: Call) async throws -> CreatedOnce<HoldView> {
        let caller = try call.requireCaller()
        let slot = input.slot
        let now = clock.now
        guard let schedule = try await schedules.find(slot.doctor, at: now)?.schedule else {
            throw Problem.slotTaken(next: [])
        }
        let found = try await bookable.find(
            slot.doctor, at: schedule.hospital, for: call.origin, until: call.deadline)
        guard let doctor = found else { throw Problem.slotTaken(next: []) }
        let asked = VisitTimes.Asked(
            time: slot.start..<(slot.start + .seconds(schedule.slotMinutes * 60)), doctor: slot.doctor,
            asker: .account(caller.account), account: caller.account, now: now)
        return try await times.inTurn(asked, until: call.deadline) {
            guard let patient = try await directory.me(for: call.origin, until: call.deadline).patient else {
                throw Problem.forbidden
            }
            let wanted = Wanted(
                slot: slot, schedule: schedule, doctor: doctor, patient: patient, account: caller.account)
            return try await unit.write(call) { tx in try await hold(wanted, at: now, in: tx) }
        }
    }

    private struct Wanted: Sendable {
        let slot: SlotID
        let schedule: DoctorSchedule
        let doctor: DoctorCard
        let patient: ID<Patient>
        let account: ID<Account>
    }

    private func hold(_ wanted: Wanted, at now: Instant, in tx: Transaction) async throws -> CreatedOnce<HoldView> {
        try await claims.lock(doctors: [], patient: wanted.patient, in: tx)
        if let own = try await store.own(wanted.slot, of: wanted.patient, in: tx) { return answer(own, isNew: false) }
        guard try await store.count(of: wanted.patient, in: tx) < HoldRules.atMost else { throw HoldRules.tooMany }
        let buffer = Duration.seconds(wanted.schedule.bufferMinutes * 60)
        if let slot = try await slots.offered(wanted.slot, to: wanted.account, at: now, in: tx),
            let held = try await store.make(
                slot, of: wanted.doctor, buffer: buffer, for: wanted.patient, account: wanted.account, at: now,
                in: tx)
        {
            return answer(held, isNew: true)
        }
        let end = wanted.slot.start + .seconds(wanted.schedule.slotMinutes * 60)
        if try await store.isBusy(wanted.patient, from: wanted.slot.start, to: end, in: tx) {
            throw Problem.patientBusy
        }
        throw Problem.slotTaken(
            next: try await slots.next(
                of: wanted.slot.doctor, from: wanted.slot.start, for: wanted.account, at: now, in: tx))
    }

    package func release(_ input: ByID<Claim>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        guard let seen = try await store.find(input.id, of: caller.account, in: database), seen.isLive else {
            throw Problem.notFound
        }
        var doctor: FreedDoctor?
        if let time = seen.freed { doctor = await bookable.freed(time.doctor, at: time.hospital, call) }
        let freed = doctor
        return try await unit.write(call) { tx in
            guard let held = try await store.release(input.id, of: caller.account, in: tx) else {
                throw Problem.notFound
            }
            if held.isOffer { try await offers.declined(held.id, of: held.slot, from: call.origin, in: tx) }
            if let freed, let time = held.freed { try await offers.freed(time, of: freed, from: call.origin, in: tx) }
            return Done()
        }
    }

    private func answer(_ held: HoldStore.Held, isNew: Bool) -> CreatedOnce<HoldView> {
        CreatedOnce(
            HoldView(id: held.id, slot: held.slot, end: held.end, expiresAt: held.expiresAt),
            at: "/api/appointments/holds/\(held.id)", isNew: isNew)
    }
}
