import Glibc

/// State behind a pthread mutex.
///
/// `Synchronization.Mutex` would do the same; the thread sanitizer does not understand its futex and reports races that
/// are none, while it understands this one. Hold it for a few instructions, never across an `await`.
@safe package final class Lock<State>: @unchecked Sendable {
    // Heap memory of its own: a mutex must never move, and an inout access to a stored property may copy it.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state: State

    package init(_ state: sending State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` alone: everyone else waits.
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }
}
