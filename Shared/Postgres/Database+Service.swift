internal import Lifecycle
internal import Net
internal import Observability

extension Database: Service {
    package var name: String { "postgres" }

    /// Waits for the database, which may be started at the same time as this process; half a minute, then the start has
    /// failed.
    package func start() async throws {
        let deadline = Deadline.after(.seconds(30))
        let backoff = Backoff(base: .milliseconds(100), cap: .seconds(1))
        var attempt = 0
        while true {
            do {
                return try await ping()
            } catch let error as DatabaseUnavailable {
                if deadline.isPast() || Shutdown.current.isRequested { throw error }
                if attempt == 0 { log.info("waiting for the database", ["schema": settings.schema]) }
                try await local().loop.sleep(backoff.delay(attempt, random: .random(in: 0.5..<1)))
                attempt += 1
            }
        }
    }

    package func run() async throws {
        await Shutdown.current.wait()
        close()
    }
}
