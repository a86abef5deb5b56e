package import Lifecycle

/// Runs services beside `body` and stops them as a process would.
package func running(_ services: [any Service], _ body: () async throws -> Void) async throws {
    let shutdown = Shutdown()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for service in services {
            tasks.addTask { try await Shutdown.$current.withValue(shutdown) { try await service.run() } }
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        shutdown.request()
        try await tasks.waitForAll()
        try result.get()
    }
}
