import API
import Kernel
import Lifecycle
import Postgres
import SchedulingDomain

/// Takes the time of a visit, or says why it cannot be had.
struct VisitTimes: Sendable {
    let claims: ClaimStore
    let slots: SlotStore
    let holds: HoldStore
    let offers: WaitlistOffers
    let next: NextSlots
    let turns = LeaderFirst<SlotID>()

    /// The time that a request asks for, before its people are known.
    struct Asked: Sendable {
        let time: Range<Instant>
        let doctor: ID<Doctor>
        let asker: ClaimStore.Asker
        /// The claim of the visit that is to get the time, if there is one.
        var visit: ID<Claim>?
        /// Whose own time is left out of what is proposed instead.
        let account: ID<Account>?
        let now: Instant
    }

    /// Runs `body`, which takes the time, for one request at a time; those who wait for it ask again whether the time
    /// is free before their own. Of many who want one time at once most are spared names and a transaction.
    /// - Parameter asked: nil where `body` is to find out by itself.
    /// - Throws: `slot_taken` with the doctor's next free slots.
    func inTurn<Result>(
        _ asked: Asked?, until deadline: Deadline, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let asked else { return try await body() }
        return try await turns.pass(
            SlotID(doctor: asked.doctor, start: asked.time.lowerBound), until: deadline,
            check: { try await refuseTaken(asked) }, body)
    }

    /// Refuses at once what the constraint would refuse in a moment; who slips through is refused there.
    private func refuseTaken(_ asked: Asked) async throws {
        let isTaken = try await claims.isTaken(
            asked.time, of: asked.doctor, by: asked.asker, besides: asked.visit, in: next.database)
        guard isTaken else { return }
        throw Problem.slotTaken(
            next: try await next.find(
                of: asked.doctor, from: asked.time.lowerBound, for: asked.account, at: asked.now))
    }

    /// - Throws: `patient_busy` or `slot_taken` with the doctor's next free slots.
    func take(_ wanted: ClaimStore.Wanted, at now: Instant, in tx: Transaction) async throws -> ID<Claim> {
        guard let claim = try await claims.take(wanted, at: now, in: tx) else {
            throw try await refusal(wanted, at: now, in: tx)
        }
        return claim
    }

    /// The same, overbooking the doctor where their time is taken.
    func takeOverbooking(
        _ wanted: ClaimStore.Wanted, at now: Instant, in tx: Transaction
    ) async throws -> (claim: ID<Claim>, isOverbooked: Bool) {
        if let claim = try await claims.take(wanted, at: now, in: tx) { return (claim, false) }
        guard let claim = try await claims.take(wanted, overbooked: true, at: now, in: tx) else {
            throw try await refusal(wanted, at: now, in: tx)
        }
        return (claim, true)
    }

    /// Whether the patient has holds or offers of their own with the doctor that overlap the time.
    func hasHolds(of wanted: ClaimStore.Wanted, in tx: Transaction) async throws -> Bool {
        guard let doctor = wanted.doctor else { return false }
        return try await !holds.own(of: wanted.patient, with: doctor, during: wanted.time, in: tx).isEmpty
    }

    /// Gives up the patient's own holds and offers with the doctor that overlap the time, for the visit that follows;
    /// the one that begins with it, if any. An offer that the visit overlaps and does not begin with counts as
    /// declined. Advisory locks of doctor and patient are taken already.
    func useHolds(
        of wanted: ClaimStore.Wanted, from origin: Origin, in tx: Transaction
    ) async throws -> HoldStore.Held? {
        guard let doctor = wanted.doctor else { return nil }
        var used: HoldStore.Held?
        for id in try await holds.own(of: wanted.patient, with: doctor, during: wanted.time, in: tx) {
            guard let held = try await holds.release(id, of: wanted.patientAccount, in: tx) else { continue }
            if held.slot.start == wanted.time.lowerBound {
                used = held
            } else if held.isOffer {
                try await offers.declined(held.id, of: held.slot, from: origin, in: tx)
            }
        }
        return used
    }

    /// The slot that begins then, as it is offered to the patient.
    func offered(_ wanted: ClaimStore.Wanted, at now: Instant, in tx: Transaction) async throws -> Slot {
        guard let doctor = wanted.doctor,
            let slot = try await slots.offered(
                SlotID(doctor: doctor, start: wanted.time.lowerBound), to: wanted.patientAccount, at: now, in: tx)
        else { throw try await refusal(wanted, at: now, in: tx) }
        return slot
    }

    private func refusal(
        _ wanted: ClaimStore.Wanted, at now: Instant, in tx: Transaction
    ) async throws -> Problem {
        let isBusy = try await holds.isBusy(
            wanted.patient, from: wanted.time.lowerBound, to: wanted.time.upperBound, in: tx)
        if isBusy { return .patientBusy }
        guard let doctor = wanted.doctor else { return .slotTaken(next: []) }
        return .slotTaken(
            next: try await slots.next(
                of: doctor, from: wanted.time.lowerBound, for: wanted.patientAccount, at: now, in: tx))
    }
}
