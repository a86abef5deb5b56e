internal import Lifecycle
internal import Synchronization

/// The event loops of a process, each on a thread of its own.
package final class EventLoopGroup: Sendable {
    package let loops: [EventLoop]
    private let threads: Locked<[ThreadHandle]>
    private let turn = Atomic(0)

    /// `count` loops, at least one, on threads named `loop-0`, `loop-1`, …
    package init(count: Int, name: String = "loop") {
        Signals.ignoreBrokenPipes()
        loops = (0..<max(count, 1)).map { EventLoop(index: $0, name: "\(name)-\($0)") }
        let handles = loops.map { loop in joinableThread(named: loop.name) { loop.run() } }
        precondition(!handles.contains { $0 == nil }, "the system refused a thread at the start")
        threads = Locked(handles.compactMap { $0 })
    }

    package var count: Int { loops.count }

    /// The loops in turn.
    package func any() -> EventLoop {
        let ticket = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: ticket) % UInt(loops.count))]
    }

    /// Runs `body` on the first loop and waits for it; for `main` and for tests.
    package func run<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await run(on: loops[0], body)
    }

    package func run<T: Sendable>(
        on loop: EventLoop, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let task = Task(name: "run", executorPreference: loop) { try await body() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Ends the loops when what they can run has run, and waits for their threads. Never call it from one of them.
    package func shutDown() {
        for loop in loops { loop.stop() }
        let handles = threads.withLock { handles in
            defer { handles = [] }
            return handles
        }
        for handle in handles { handle.join() }
    }
}
