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
        let renewed = try await RowByRow.change(places, of: "patient", store.renewTokens)
        return renewed > 0 && places.count == Self.batch
    }
}
