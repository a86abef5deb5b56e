package import Jobs

/// Puts search tokens into their index, batch by batch, behind those who write patients.
package struct IndexSearchTokens: Sendable {
    let store: PatientStore

    package init(store: PatientStore) { self.store = store }

    package var wakeSignal: WakeSignal { store.tokenBatches.wakeSignal }

    /// Looks at one tenant; true when more are waiting.
    package func run() async throws -> Bool {
        guard let tenant = store.tokenBatches.next() else { return false }
        if try await store.indexTokens(of: tenant) > 0 { store.tokenBatches.look(at: tenant) }
        return true
    }
}
