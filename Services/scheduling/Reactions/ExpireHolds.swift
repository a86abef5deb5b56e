import API
import Chassis
package import Kernel
import Lifecycle
import Postgres

/// Offers the time of holds that ended by themselves to who waits for it, or tells that it is free. By the clock, in
/// the service's own name; one copy does it.
package struct ExpireHolds: Sendable {
    let bookable: BookableDoctors
    let database: Database
    let store: LapsedHoldStore
    let offers: WaitlistOffers

    package static let origin = Origin.job("expire holds")

    /// True when more is due than one run takes.
    package func run() async throws -> Bool {
        let due = try await store.due(in: database)
        for hold in due {
            let doctor = try await bookable.freed(
                hold.doctor, at: hold.hospital, for: Self.origin, until: .after(.seconds(3)))
            try await database.transaction(as: .service) { tx in
                guard let time = try await store.end(hold, in: tx), let doctor else { return }
                try await offers.freed(time, of: doctor, from: Self.origin, in: tx)
            }
        }
        return due.count == LapsedHoldStore.batch
    }
}
