/// The request to stop, made once and received by all who wait for it.
package final class Shutdown: Sendable {
    /// The one that concerns the service whose `run` this is.
    @TaskLocal package static var current = Shutdown()

    private struct State {
        var isRequested = false
        var nextKey = 0
        var listeners: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Locked(State())

    package init() {}

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    package func request() {
        let listeners = state.withLock { state in
            state.isRequested = true
            defer { state.listeners = [:] }
            return state.listeners
        }
        for key in listeners.keys.sorted() { listeners[key]?() }
    }

    /// Calls `body` once when the stop is requested, at once if it already was; on the thread that requests it.
    @discardableResult
    package func onRequest(_ body: @escaping @Sendable () -> Void) -> Int? {
        let key = state.withLock { state -> Int? in
            if state.isRequested { return nil }
            state.nextKey += 1
            state.listeners[state.nextKey] = body
            return state.nextKey
        }
        if key == nil { body() }
        return key
    }

    package func forget(_ key: Int?) {
        guard let key else { return }
        state.withLock { _ = $0.listeners.removeValue(forKey: key) }
    }

    /// Returns when the stop is requested or the waiting task is cancelled.
    package func wait() async {
        let latch = Latch()
        await withTaskCancellationHandler {
            let key = onRequest { latch.fire() }
            await latch.wait()
            forget(key)
        } onCancel: {
            latch.fire()
        }
    }
}

/// A door that opens once, for all who wait before it; opened from any thread.
package final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    package init() {}

    package func fire() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    package func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
