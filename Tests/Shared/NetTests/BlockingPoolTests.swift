import Glibc
import Lifecycle
import Net
import Testing

@Suite struct BlockingPoolTests {
    private struct Fault: Error, Equatable {}

    @Test func `work returns its value or its error to the loop that asked`() async throws {
        let group = EventLoopGroup(count: 1)
        let pool = BlockingPool(name: "test", threads: 2, queue: 4)
        try await group.run {
            let onLoop = try await pool.run { EventLoop.current == nil }
            #expect(onLoop)
            #expect(EventLoop.current === group.loops[0])
            await #expect(throws: Fault.self) { try await pool.run { throw Fault() } }
        }
        pool.shutDown()
        group.shutDown()
    }

    @Test func `past its threads and its queue a pool refuses, and takes work again when some is done`() async throws {
        let pool = BlockingPool(name: "small", threads: 1, queue: 1)
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            let isOpen = Locked(false)
            for _ in 0..<5 {
                tasks.addTask {
                    do {
                        try await pool.run { while !isOpen.withLock({ $0 }) { sched_yield() } }
                        return true
                    } catch let error as PoolIsFull {
                        #expect(error.pool == "small")
                        return false
                    }
                }
            }
            var refused = 0
            while refused < 3, let isDone = try await tasks.next() { refused += isDone ? 0 : 1 }
            isOpen.withLock { $0 = true }
            for try await isDone in tasks { #expect(isDone) }
        }
        #expect(try await pool.run { 7 } == 7)
        pool.shutDown()
    }

    @Test func `a pool has no more threads than its work has needed at once, and at most its width`() async throws {
        let pool = BlockingPool(name: "grows", threads: 3, queue: 8)
        for _ in 0..<20 { try await pool.run {} }
        #expect(Self.threads(of: "grows") == 1)
        let isOpen = Locked(false)
        try await withThrowingTaskGroup { tasks in
            for _ in 0..<5 { tasks.addTask { try await pool.run { while !isOpen.withLock({ $0 }) { sched_yield() } } } }
            while Self.threads(of: "grows") < 3 { await Task.yield() }
            isOpen.withLock { $0 = true }
            try await tasks.waitForAll()
        }
        #expect(Self.threads(of: "grows") == 3)
        pool.shutDown()
        // A thread that was waited for is listed a moment longer.
        while Self.threads(of: "grows") > 0 { await Task.yield() }
    }

    /// Threads of this process that bear the pool's name.
    private static func threads(of pool: String) -> Int {
        guard let folder = unsafe opendir("/proc/self/task") else { return -1 }
        defer { unsafe closedir(folder) }
        var count = 0
        while let entry = unsafe readdir(folder) {
            let id = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard let file = unsafe fopen("/proc/self/task/\(id)/comm", "r") else { continue }
            defer { unsafe fclose(file) }
            var line = [CChar](repeating: 0, count: 32)
            guard unsafe fgets(&line, Int32(line.count), file) != nil else { continue }
            let name = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if name.hasPrefix("\(pool)-") { count += 1 }
        }
        return count
    }

    @Test func `a pool that is shut down finishes what it took and refuses more`() async throws {
        let pool = BlockingPool(name: "ending", threads: 1, queue: 8)
        async let value = pool.run { 1 }
        #expect(try await value == 1)
        pool.shutDown()
        await #expect(throws: PoolIsFull.self) { try await pool.run { 2 } }
    }
}
