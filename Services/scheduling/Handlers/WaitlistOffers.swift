import Chassis
import Events
package import Kernel
package import Postgres
package import SchedulingDomain

/// Offers freed time to the waitlist, or tells that it is free, in the transaction that freed it.
package struct WaitlistOffers: Sendable {
    let store: OfferStore
    let ledger: Ledger
    let clock: any WallClock

    /// Offers the time to the first who waits for it; what nobody is offered is free, and its doctor and hospital hear
    /// of it. Nothing where it is past or not free. The rest of the transaction is in the caller's name again.
    package func freed(
        _ time: FreedTime, of doctor: FreedDoctor, from origin: Origin, in tx: Transaction
    ) async throws {
        let now = clock.now
        guard time.start > now else { return }
        try await asService(origin, tx) {
            guard try await store.isFree(time, in: tx) else { return }
            if time.start >= now + WaitlistRules.shortest, let offered = try await store.offer(time, at: now, in: tx) {
                return try await ledger.record(.waitlistOffered(offered.fact), from: origin, in: tx)
            }
            let fact = SlotFreedFact(
                doctor: time.doctor, hospital: time.hospital, doctorAccount: doctor.account,
                day: try await store.day(of: time, orIn: doctor.zone, in: tx))
            try await ledger.record(.slotFreed(fact), from: origin, in: tx)
        }
    }

    /// An offer was given back: its entry waits on for other times.
    package func declined(
        _ claim: ID<Claim>, of slot: SlotID, from origin: Origin, in tx: Transaction
    ) async throws {
        try await asService(origin, tx) { try await store.decline(claim, of: slot, in: tx) }
    }

    /// Nobody took the offer in time, or its entry is gone: it goes to the next, and its entry behind all that wait.
    /// Nothing where it was taken in the last moment.
    /// - Parameter doctor: nil where the time can be nobody else's (`BookableDoctors`).
    package func expired(
        _ due: OfferStore.Due, of doctor: FreedDoctor?, from origin: Origin, in tx: Transaction
    ) async throws {
        guard let ended = try await store.end(due, at: clock.now, in: tx) else { return }
        if let passed = ended.passed { try await ledger.record(.waitlistPassed(passed.fact), from: origin, in: tx) }
        if let doctor { try await freed(ended.time, of: doctor, from: origin, in: tx) }
    }

    /// Closes the entries of a patient that a booking answers. What else they were offered stays busy until
    /// `ExpireOffers` hands it on.
    package func booked(_ booking: OfferStore.Booking, in tx: Transaction) async throws {
        try await store.close(for: booking, in: tx)
    }

    private func asService(_ origin: Origin, _ tx: Transaction, _ work: () async throws -> Void) async throws {
        try await tx.speak(as: .service)
        try await work()
        if let scope = origin.scope { try await tx.speak(as: scope) }
    }
}

extension OfferStore.Offered {
    var fact: WaitlistFact {
        WaitlistFact(entry: entry, patientAccount: account, hospital: hospital, doctor: doctor, start: start)
    }
}
