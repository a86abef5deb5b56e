// Net: the event loops everything runs on, and what reaches the outside through them: sockets, TLS, names, blocking
// work. It knows bytes and time; what the bytes mean is HTTP's, Postgres's and Redis's business.
package import Lifecycle

/// One thread that waits for descriptors and timers and runs the tasks that belong to it. A task started here stays
/// here: that is why state of one loop needs no lock. Never block it.
package final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    /// Jobs run between two looks at the sockets; past it input and output come first again.
    private static let jobsPerTurn = 1024
    /// Streams that are flushed together: enough that whoever waits for them is woken seldom, few enough that no answer
    /// lies ready for long while others are made.
    static let flushedTogether = 32

    package let index: Int
    package let name: String

    private var poller: Poller
    private let waker: Poller.Waker
    private var ring = JobRing()
    private var works: [() -> Void] = []
    private var batches: [() -> Void] = []
    private var unsent: [ByteStream] = []
    private var timers = TimerHeap()
    private let remote = Locked(Remote())
    private var time = MonotonicTime.now

    /// What other threads hand in.
    private struct Remote {
        var jobs: [UnownedJob] = []
        var works: [@Sendable () -> Void] = []
        var isSignalled = false
        var isStopping = false
    }

    init(index: Int, name: String) {
        self.index = index
        self.name = name
        poller = Poller()
        waker = poller.waker
    }

    deinit { poller.close() }

    /// The loop that owns the calling thread.
    package static var current: EventLoop? {
        guard let pointer = unsafe LocalLoop.pointer else { return nil }
        return unsafe Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    @inline(__always)
    package var isCurrent: Bool {
        unsafe LocalLoop.pointer == Unmanaged.passUnretained(self).toOpaque()
    }

    /// The monotonic clock as read at the beginning of this turn.
    package var now: MonotonicTime { time }

    // MARK: Work

    /// A task with this loop as its home; its children inherit it. The body must end when its parent says so.
    @discardableResult
    package func spawn(_ name: String, _ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(name: name, executorPreference: self) { await body() }
    }

    /// Runs `work` on the loop, in order of asking; from any thread.
    package func execute(_ work: @escaping @Sendable () -> Void) {
        if isCurrent {
            works.append(work)
        } else {
            handIn { $0.works.append(work) }
        }
    }

    /// Runs `work` when every task that can run in this turn has run: the place to write what they left. Loop only.
    package func atEndOfTurn(_ work: @escaping () -> Void) {
        assertCurrent()
        batches.append(work)
    }

    /// Flushes the stream then, or with many others before: who waits for several of them is woken once.
    func flushAtEndOfTurn(_ stream: ByteStream) {
        assertCurrent()
        unsent.append(stream)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ring.push(job)
        } else {
            handIn { $0.jobs.append(job) }
        }
    }

    package func checkIsolated() { assertCurrent() }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    // MARK: Timers, loop only

    @discardableResult
    package func after(_ delay: Duration, _ work: @escaping () -> Void) -> TimerID {
        assertCurrent()
        return timers.set(at: MonotonicTime.now.advanced(by: delay).nanoseconds, work)
    }

    @discardableResult
    package func at(_ deadline: Deadline, _ work: @escaping () -> Void) -> TimerID {
        assertCurrent()
        return timers.set(at: deadline.time.nanoseconds, work)
    }

    /// Whether the timer was still to fire.
    @discardableResult
    package func cancel(_ timer: TimerID) -> Bool {
        assertCurrent()
        return timers.cancel(timer)
    }

    // MARK: Descriptors, loop only

    /// Calls `ready` in each turn in which the descriptor is ready for what is asked; errors and hang-ups are always
    /// told.
    package func watch(
        _ fd: Int32, readable: Bool, writable: Bool, hangUp: Bool = false, edge: Bool = false,
        _ ready: @escaping (Readiness) -> Void
    ) -> WatchID {
        assertCurrent()
        return poller.watch(
            fd, Poller.interest(readable: readable, writable: writable, hangUp: hangUp, edge: edge), ready)
    }

    /// `hangUp` asks for an event when the peer has closed its half even while nothing is to be read.
    package func change(
        _ id: WatchID, readable: Bool, writable: Bool, hangUp: Bool = false, edge: Bool = false
    ) {
        assertCurrent()
        poller.change(id, Poller.interest(readable: readable, writable: writable, hangUp: hangUp, edge: edge))
    }

    /// Must come before the descriptor is closed.
    package func unwatch(_ id: WatchID) {
        assertCurrent()
        poller.unwatch(id)
    }

    // MARK: The turn

    /// Occupies the calling thread until `stop`.
    func run() {
        LocalLoop.set(self)
        defer { LocalLoop.set(nil) }
        while true {
            let events = poller.wait(timeout())
            time = .now
            for index in 0..<events {
                if let (ready, readiness) = poller.event(index) { ready(readiness) }
                if unsent.count >= Self.flushedTogether { flushAll() }
            }
            while let work = timers.takeDue(time.nanoseconds) { work() }
            let isStopping = takeRemote()
            turn()
            if isStopping && isIdle { return }
        }
    }

    func stop() {
        handIn { $0.isStopping = true }
    }

    private func turn() {
        var budget = Self.jobsPerTurn
        let executor = unsafe asUnownedTaskExecutor()
        repeat {
            while budget > 0, let job = ring.pop() {
                unsafe job.runSynchronously(on: executor)
                budget &-= 1
                if unsent.count >= Self.flushedTogether { flushAll() }
            }
            if !works.isEmpty { run(Self.take(&works)) }
            if !batches.isEmpty { run(Self.take(&batches)) }
            if !unsent.isEmpty { flushAll() }
            budget &-= 1
        } while budget > 0 && !isIdle
    }

    /// Nothing is left to run in this turn.
    private var isIdle: Bool { ring.isEmpty && works.isEmpty && batches.isEmpty && unsent.isEmpty }

    private func flushAll() {
        var streams: [ByteStream] = []
        swap(&streams, &unsent)
        for stream in streams { stream.flushNow() }
        // Its memory serves the next turn, unless something has come in meanwhile.
        streams.removeAll(keepingCapacity: true)
        if unsent.isEmpty { swap(&streams, &unsent) }
    }

    /// What is run may ask for more, so the list is not held on to meanwhile.
    private static func take(_ list: inout [() -> Void]) -> [() -> Void] {
        var taken: [() -> Void] = []
        swap(&taken, &list)
        return taken
    }

    private func run(_ works: [() -> Void]) {
        for work in works { work() }
    }

    private func timeout() -> Int32 {
        if !isIdle { return 0 }
        guard let next = timers.next() else { return -1 }
        let nanoseconds = next &- MonotonicTime.now.nanoseconds
        if nanoseconds <= 0 { return 0 }
        // Rounded up: waking a little early would only mean another turn.
        return Int32(clamping: min(nanoseconds, 3_600_000_000_000) / 1_000_000 + 1)
    }

    private func handIn(_ change: (inout Remote) -> Void) {
        let mustWake = remote.withLock { remote in
            change(&remote)
            defer { remote.isSignalled = true }
            return !remote.isSignalled
        }
        if mustWake { waker.wake() }
    }

    private func takeRemote() -> Bool {
        let (jobs, works, isStopping) = remote.withLock { remote in
            guard remote.isSignalled else { return ([UnownedJob](), [@Sendable () -> Void](), remote.isStopping) }
            defer {
                remote.jobs = []
                remote.works = []
                remote.isSignalled = false
            }
            return (remote.jobs, remote.works, remote.isStopping)
        }
        for job in jobs { ring.push(job) }
        for work in works { self.works.append(work) }
        return isStopping
    }

    private func assertCurrent() {
        precondition(isCurrent, "only from the loop's own thread")
    }
}
