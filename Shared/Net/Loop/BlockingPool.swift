internal import CLinux
internal import Glibc
internal import Lifecycle

/// Thrown at once when a pool has no room for more work: the caller is told to come back later instead of waiting
/// unseen.
package struct PoolIsFull: Error, Equatable {
    package let pool: String
}

/// Threads for what may block (files, names, password hashing), bounded in number and in how much may wait for them.
/// One is there from the start, another begins when work comes while all are busy.
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
        queue = WorkQueue(limit: limit + count)
        threads = Locked(Self.thread(of: name, 0, queue).map { [$0] } ?? [])
    }

    deinit { queue.close() }

    private static func thread(of name: String, _ index: Int, _ queue: WorkQueue) -> ThreadHandle? {
        joinableThread(named: "\(name)-\(index)") { queue.serve() }
    }

    /// Whether there was room for the work.
    private func accept(_ work: @escaping WorkQueue.Work) -> Bool {
        threads.withLock { handles in
            guard let unfinished = queue.add(work) else { return false }
            if unfinished > handles.count, handles.count < width,
                let thread = Self.thread(of: name, handles.count, queue)
            {
                handles.append(thread)
            }
            return true
        }
    }

    /// Runs `work` on a thread of the pool. Work that has begun is not interrupted by cancellation.
    package func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let isAccepted = accept {
                let result = Result { try work() }
                return { continuation.resume(with: result) }
            }
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
            let isAccepted = accept {
                let result = Result { Optional(try work()) }
                return { take()?.resume(with: result) }
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
    /// Blocks, and gives what tells its result, which is done when the work no longer counts as unfinished.
    typealias Work = @Sendable () -> @Sendable () -> Void

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let filled: UnsafeMutablePointer<pthread_cond_t>
    private let limit: Int
    private var waiting: [Work] = []
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

    /// How much is unfinished with it; nil where there is no room.
    func add(_ work: @escaping Work) -> Int? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        guard !isClosed, unfinished < limit else { return nil }
        unfinished += 1
        waiting.append(work)
        unsafe pthread_cond_signal(filled)
        return unfinished
    }

    func serve() {
        while let work = next() {
            let tell = work()
            unsafe pthread_mutex_lock(mutex)
            unfinished -= 1
            unsafe pthread_mutex_unlock(mutex)
            tell()
        }
    }

    func close() {
        unsafe pthread_mutex_lock(mutex)
        isClosed = true
        unsafe pthread_cond_broadcast(filled)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func next() -> Work? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isClosed { return nil }
            unsafe pthread_cond_wait(filled, mutex)
        }
        return waiting.removeFirst()
    }
}
