internal import Lifecycle

extension RedisClient: Service {
    package var name: String { "redis" }

    /// It starts without Redis, too: whoever uses it must do without anyway.
    package func run() async throws {
        await Shutdown.current.wait()
        close()
    }
}
