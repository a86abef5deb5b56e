package import API
import Kernel
import Postgres
package import Web

/// What notifier's messages about offers say, asked when one is written: what was overtaken since is not sent.
package struct WaitlistMessages: Sendable {
    let store: OfferStore
    let places: MessagePlaces
    let database: Database
    let clock: any WallClock

    package func show(_ query: WaitlistMessageQuery, _ call: Call) async throws -> MaybeItem<WaitlistMessageView> {
        guard let offer = try await offer(query) else { return MaybeItem(nil) }
        let place = try await places.find(offer.hospital, offer.doctor, call)
        var until: String?
        if let end = offer.until { until = try await places.time(end, at: place) }
        return MaybeItem(
            WaitlistMessageView(
                hospitalName: place.hospital, doctorName: place.doctor,
                time: try await places.time(offer.start, at: place), until: until))
    }

    private func offer(_ query: WaitlistMessageQuery) async throws -> OfferStore.Details? {
        switch query.kind {
        case .offered: try await store.live(query.entry, start: query.start, at: clock.now, in: database)
        case .passed: try await store.passed(query.entry, start: query.start, in: database)
        }
    }
}
