import Kernel
import Postgres
import SchedulingDomain

/// The free slots that a refusal proposes instead, computed once for all who are refused one time at one moment.
struct NextSlots: Sendable {
    let slots: SlotStore
    let claims: ClaimStore
    let database: Database
    private let work = SharedWork<SlotID, [Slot]>()

    init(slots: SlotStore, claims: ClaimStore, database: Database) {
        self.slots = slots
        self.claims = claims
        self.database = database
    }

    /// - Parameter patient: an account whose own time is left out.
    func find(
        of doctor: ID<Doctor>, from start: Instant, for patient: ID<Account>?, at now: Instant
    ) async throws -> [Slot] {
        let free = try await work.value(SlotID(doctor: doctor, start: start)) {
            try await slots.next(of: doctor, from: start, at: now)
        }
        guard let patient, let first = free.first, let last = free.last else {
            return Array(free.prefix(SlotStore.proposals))
        }
        let busy = try await claims.times(of: patient, within: first.start..<last.end, in: database)
        let possible = free.filter { slot in
            !busy.contains { $0.lowerBound < slot.end && slot.start < $0.upperBound }
        }
        return Array(possible.prefix(SlotStore.proposals))
    }
}
