import API
import Chassis
package import Kernel
import Lifecycle
import Postgres

/// Hands offers on that nobody took in time, or whose entry has left or was booked. By the
/// clock, in the service's own name; one copy does it.
package struct ExpireOffers: Sendable {
    let bookable: BookableDoctors
    let database: Database
    let store: OfferStore
    let offers: WaitlistOffers
    let clock: any WallClock

    package static let origin = Origin.job("expire offers")

    /// True when more is due than one run takes.
    package func run() async throws -> Bool {
        let due = try await store.due(at: clock.now, in: database)
        for offer in due {
            let doctor = try await bookable.freed(
                offer.doctor, at: offer.hospital, for: Self.origin, until: .after(.seconds(3)))
            try await database.transaction(as: .service) { tx in
                try await offers.expired(offer, of: doctor, from: Self.origin, in: tx)
            }
        }
        return due.count == OfferStore.batch
    }
}
