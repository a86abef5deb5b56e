import Chassis
import Events
package import Kernel
package import Postgres
package import SchedulingDomain

/// Offers freed time to the waitlist, in the transaction that freed it.
package struct WaitlistOffers: Sendable {
    let store: OfferStore
    let ledger: Ledger
    let clock: any WallClock

    /// Offers the time to the first who waits for it. The rest of the transaction is in the caller's name again.
    package func freed(_ time: FreedTime, from origin: Origin, in tx: Transaction) async throws {
        let now = clock.now
        guard time.start >= now + WaitlistRules.shortest else { return }
        try await asService(origin, tx) {
            guard let offered = try await store.offer(time, at: now, in: tx) else { return }
            try await ledger.record(.waitlistOffered(offered.fact), from: origin, in: tx)
        }
    }

    /// An offer was given back: its entry waits on for other times.
    package func declined(_ claim: ID<Claim>, _ time: FreedTime, from origin: Origin, in tx: Transaction) async throws {
        try await asService(origin, tx) { _ = try await store.decline(claim, of: time, in: tx) }
    }

    /// The entry that had it is gone.
    package func abandoned(_ claim: ID<Claim>, from origin: Origin, in tx: Transaction) async throws {
        guard let time = try await store.giveUp(claim, in: tx) else { return }
        try await freed(time, from: origin, in: tx)
    }

    /// Nobody took the offer in time: it goes to the next, and its entry behind all that wait. Nothing where it was
    /// taken in the last moment.
    package func expired(
        _ due: OfferStore.Due, isOpen: Bool, from origin: Origin, in tx: Transaction
    ) async throws {
        guard let (offered, time) = try await store.expire(due, at: clock.now, in: tx) else { return }
        try await ledger.record(.waitlistPassed(offered.fact), from: origin, in: tx)
        if isOpen { try await freed(time, from: origin, in: tx) }
    }

    /// Closes the entries of a patient that a booking answers; another offer among them goes to the next.
    package func booked(
        _ booking: OfferStore.Booking, from origin: Origin, in tx: Transaction
    ) async throws {
        for other in try await store.close(for: booking, in: tx) {
            try await abandoned(other, from: origin, in: tx)
        }
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
