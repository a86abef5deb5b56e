/// Seals what earlier releases left in the clear of providers, a few entries at a time. Whatever stops it, what is left
/// is found again by the next run.
package struct SealProviders: Sendable {
    let store: ProviderStore

    package init(store: ProviderStore) { self.store = store }

    /// Entries of one run: well below a second.
    private static let batch = 100

    /// True when more are waiting. An entry that does not open keeps no other waiting.
    package func run() async throws -> Bool {
        let entries = try await store.plainEntries(atMost: Self.batch)
        let sealed = try await RowByRow.change(entries, of: "provider", store.sealPlain)
        return sealed > 0 && entries.count == Self.batch
    }
}
