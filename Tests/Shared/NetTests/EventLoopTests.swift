import Lifecycle
import Net
import Testing

@Suite struct EventLoopTests {
    private func onLoop<T: Sendable>(
        _ count: Int = 1, _ body: @escaping @Sendable (EventLoopGroup) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: count)
        let result = try await group.run { try await body(group) }
        group.shutDown()
        return result
    }

    @Test func `a task started on a loop stays on it, and so do its children`() async throws {
        let indices = try await onLoop(2) { group in
            await withCheckedContinuation { continuation in
                group.loops[1].spawn("child") {
                    async let child = EventLoop.current?.index
                    let own = EventLoop.current?.index
                    continuation.resume(returning: [own, await child])
                }
            }
        }
        #expect(indices == [1, 1])
    }

    @Test func `timers fire in the order of their times, equal ones in the order of their setting`() async throws {
        let order = Locked<[Int]>([])
        try await onLoop { group in
            let loop = group.loops[0]
            let base = Deadline.after(.milliseconds(5))
            loop.at(.after(.milliseconds(9))) { order.withLock { $0.append(4) } }
            loop.at(base) { order.withLock { $0.append(1) } }
            loop.at(base) { order.withLock { $0.append(2) } }
            let cancelled = loop.at(base) { order.withLock { $0.append(99) } }
            loop.at(base) { order.withLock { $0.append(3) } }
            #expect(loop.cancel(cancelled))
            #expect(!loop.cancel(cancelled))
            try await loop.sleep(.milliseconds(15))
        }
        #expect(order.withLock { $0 } == [1, 2, 3, 4])
    }

    @Test func `many timers set and cancelled leave only the live ones to fire`() async throws {
        let fired = Locked(0)
        try await onLoop { group in
            let loop = group.loops[0]
            for number in 0..<10_000 {
                let id = loop.after(.milliseconds(number % 7)) { fired.withLock { $0 += 1 } }
                if number % 10 != 0 { loop.cancel(id) }
            }
            try await loop.sleep(.milliseconds(20))
        }
        #expect(fired.withLock { $0 } == 1_000)
    }

    @Test func `a cancelled sleep ends at once with a cancellation error`() async throws {
        let began = MonotonicTime.now
        try await onLoop { group in
            let sleeper = Task(executorPreference: group.loops[0]) { try await group.loops[0].sleep(.seconds(3600)) }
            try await group.loops[0].sleep(.milliseconds(2))
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
        }
        #expect(began.duration(to: .now) < .seconds(600))
    }

    @Test func `work handed in from other threads runs on the loop, all of it, in order`() async throws {
        let group = EventLoopGroup(count: 1)
        let seen = Locked<[Int]>([])
        for number in 0..<1_000 {
            group.loops[0].execute {
                seen.withLock { $0.append(EventLoop.current === group.loops[0] ? number : -1) }
            }
        }
        group.shutDown()
        #expect(seen.withLock { $0 } == Array(0..<1_000))
    }

    @Test func `work may ask for more work, and so may the end of a turn`() async throws {
        let log = Locked<[String]>([])
        try await onLoop { group in
            let loop = group.loops[0]
            loop.execute {
                loop.execute { log.withLock { $0.append("more") } }
                log.withLock { $0.append("first") }
            }
            loop.atEndOfTurn {
                loop.atEndOfTurn { log.withLock { $0.append("end") } }
            }
            try await loop.sleep(.milliseconds(1))
        }
        #expect(log.withLock { $0 } == ["first", "more", "end"])
    }

    @Test func `the end of a turn comes after every task that can run in it`() async throws {
        let log = Locked<[String]>([])
        try await onLoop { group in
            let loop = group.loops[0]
            loop.atEndOfTurn { log.withLock { $0.append("end") } }
            for number in 0..<3 {
                loop.spawn("task") { log.withLock { $0.append("task \(number)") } }
            }
            try await loop.sleep(.milliseconds(1))
        }
        #expect(log.withLock { $0 } == ["task 0", "task 1", "task 2", "end"])
    }

    @Test func `tasks that never rest do not starve the timers`() async throws {
        try await onLoop { group in
            let loop = group.loops[0]
            let isOver = Locked(false)
            loop.after(.milliseconds(3)) { isOver.withLock { $0 = true } }
            while !isOver.withLock({ $0 }) { await Task.yield() }
        }
    }

    @Test func `an actor pinned to a loop runs on its thread`() async throws {
        let isHome = try await onLoop(2) { group in
            await Pinned(group.loops[1]).isHome()
        }
        #expect(isHome)
    }
}

private actor Pinned {
    private let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) { self.loop = loop }

    func isHome() -> Bool { EventLoop.current === loop }
}
