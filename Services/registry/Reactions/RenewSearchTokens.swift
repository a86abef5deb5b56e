import Kernel
import Observability
import Postgres

/// Brings patients' search tokens to the rule in force, a few records at a time. Whatever stops it, what is left is
/// found again by the next run.
package struct RenewSearchTokens: Sendable {
    let store: PatientStore

    package init(store: PatientStore) { self.store = store }

    /// Records of one run: well below a second.
    private static let batch = 100

    /// True when more are waiting. A record that does not open keeps nobody waiting, and the search opens it each time.
    package func run() async throws -> Bool {
        let places = try await store.placesOfOlderRule(atMost: Self.batch)
        var renewed = 0
        for place in places {
            do {
                try await store.renewTokens(at: place)
                renewed += 1
            } catch let error as DatabaseUnavailable {
                throw error
            } catch {
                log.error(
                    "a record's search tokens cannot be made",
                    ["patient": place.patient.description, "fault": String(describing: type(of: error))])
            }
        }
        if renewed > 0 { log.info("search tokens were made anew", ["records": renewed]) }
        return renewed > 0 && places.count == Self.batch
    }
}
