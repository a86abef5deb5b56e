internal import CLinux
internal import Glibc
internal import Lifecycle

/// Thrown at once when a pool has no room for more work: the caller is told to come back later instead of waiting
/// unseen.
package struct PoolIsFull: Error, Equatable {
    package let pool: String
}

/// Threads for what may block (files, names, password hashing), bounded in number and in how much may wait for them.
package final class BlockingPool: Sendable {
    package let name: String
    /// Pieces of work done at once, and how many may wait besides them.
    package let width: Int
    package let capacity: Int
    private let queue: WorkQueue
    private let threads: Locked<[ThreadHandle]>

    /// `queue` is how many pieces of work may wait besides those being done.
    package init(name: String, threads count: Int, queue limit: Int) {
        self.name = name
        width = max(count, 1)
        capacity = limit
        let queue = WorkQueue(limit: limit + count)
        self.queue = queue
        threads = Locked(
            (0..<max(count, 1)).compactMap { index in
                joinableThread(named: "\(name)-\(index)") { queue.serve() }
            })
    }

    deinit { queue.close() }

    /// Runs `work` on a thread of the pool. Work that has begun is not interrupted by cancellation.
    package func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let isAccepted = queue.add { continuation.resume(with: Result { try work() }) }
            if !isAccepted { continuation.resume(throwing: PoolIsFull(pool: name)) }
        }
    }

    /// The same, waited for no longer than `limit`: nil then. The work goes on, and its result is dropped.
    /// - Parameter loop: whose timer ends the wait.
    package func run<T: Sendable>(
        within limit: Duration, on loop: EventLoop, _ work: @escaping @Sendable () throws -> T
    ) async throws -> T? {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let waiting = Locked<CheckedContinuation<T?, any Error>?>(continuation)
            let take: @Sendable () -> CheckedContinuation<T?, any Error>? = {
                waiting.withLock { waiting in
                    defer { waiting = nil }
                    return waiting
                }
            }
            let isAccepted = queue.add {
                let result = Result { Optional(try work()) }
                take()?.resume(with: result)
            }
            guard isAccepted else {
                take()?.resume(throwing: PoolIsFull(pool: name))
                return
            }
            loop.execute { loop.after(limit) { take()?.resume(returning: nil) } }
        }
    }

    /// Waits until accepted work is done and the threads are gone; more is refused from now on.
    package func shutDown() {
        queue.close()
        let handles = threads.withLock { handles in
            defer { handles = [] }
            return handles
        }
        for handle in handles { handle.join() }
    }
}

/// The queue the threads share; it owns nothing of the pool, so that the pool can go away while they drain it.
@safe private final class WorkQueue: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let filled: UnsafeMutablePointer<pthread_cond_t>
    private let limit: Int
    private var waiting: [@Sendable () -> Void] = []
    private var unfinished = 0
    private var isClosed = false

    init(limit: Int) {
        self.limit = limit
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe filled = .allocate(capacity: 1)
        unsafe filled.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(filled, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(filled)
        unsafe pthread_mutex_destroy(mutex)
        unsafe filled.deallocate()
        unsafe mutex.deallocate()
    }

    func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        guard !isClosed, unfinished < limit else { return false }
        unfinished += 1
        waiting.append(work)
        unsafe pthread_cond_signal(filled)
        return true
    }

    func serve() {
        while let work = next() {
            work()
            unsafe pthread_mutex_lock(mutex)
            unfinished -= 1
            unsafe pthread_mutex_unlock(mutex)
        }
    }

    func close() {
        unsafe pthread_mutex_lock(mutex)
        isClosed = true
        unsafe pthread_cond_broadcast(filled)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func next() -> (@Sendable () -> Void)? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isClosed { return nil }
            unsafe pthread_cond_wait(filled, mutex)
        }
        return waiting.removeFirst()
    }
}
