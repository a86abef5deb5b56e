/// The request to stop, made once and heard by all who wait for it.
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
        let once = Once()
        await withTaskCancellationHandler {
            let key = onRequest { once.fire() }
            await once.wait()
            forget(key)
        } onCancel: {
            once.fire()
        }
    }
}

/// A door that opens once: one waiter, any number of openers, from any thread.
package final class Once: Sendable {
    private enum State {
        case closed
        case awaited(CheckedContinuation<Void, Never>)
        case open
    }

    private let state = Locked(State.closed)

    package init() {}

    package func fire() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .open }
            if case .awaited(let waiter) = state { return waiter }
            return nil
        }
        waiter?.resume()
    }

    package func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if case .open = state { return true }
                state = .awaited(continuation)
                return false
            }
            if isOpen { continuation.resume() }
        }
    }
}
