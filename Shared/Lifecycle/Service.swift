// Lifecycle: how a process begins, runs and ends. Services in order, the request to stop, signals, deadlines, retries,
// and what a process gives up at its start. It leaves event loops and sockets to Net, and every notion of a request to
// those above.

/// Something long-lived inside a process: a server, a pool, a relay. Everything that outlives one request is one of
/// these.
package protocol Service: Sendable {
    /// The name under which it is logged.
    var name: String { get }

    /// Makes ready (binds, connects, loads). The services after it start only when this has returned.
    func start() async throws

    /// Works until `Shutdown.current` is requested, finishes what it holds, and returns. A throw stops the whole
    /// process.
    func run() async throws
}

extension Service {
    package func start() async throws {}
}
