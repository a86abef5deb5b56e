import Kernel
import Lifecycle
import Net
import Scheduling
import Testing

@Suite struct SharedWorkTests {
    /// Work that a test lets end, and how often it was begun.
    private final class Gate: Sendable {
        private let latches = Locked<[Latch]>([])
        var begun: Int { latches.withLock { $0.count } }
        func work() async -> Int {
            let latch = Latch()
            let number = latches.withLock { latches in
                latches.append(latch)
                return latches.count
            }
            await latch.wait()
            return number
        }
        func end(_ number: Int) { latches.withLock { $0[number - 1] }.fire() }
    }

    private func until(_ isSo: () -> Bool) async { while !isSo() { await Task.yield() } }

    @Test func `who comes while work is done shares the next, which begins after they came`() async throws {
        let shared = SharedWork<String, Int>()
        let gate = Gate()
        let came = Locked(0)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            tasks.addTask { try await shared.value("a") { await gate.work() } }
            await until { gate.begun == 1 }
            for _ in 0..<20 {
                tasks.addTask {
                    came.withLock { $0 += 1 }
                    return try await shared.value("a") { await gate.work() }
                }
            }
            await until { came.withLock { $0 } == 20 }
            for _ in 0..<1000 { await Task.yield() }
            #expect(gate.begun == 1)
            gate.end(1)
            await until { gate.begun == 2 }
            gate.end(2)
            let answers = try await tasks.reduce(into: []) { $0.append($1) }
            #expect(answers.sorted() == [1] + Array(repeating: 2, count: 20))
        }
    }

    @Test func `work of other keys does not wait`() async throws {
        let shared = SharedWork<String, Int>()
        let gate = Gate()
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            tasks.addTask { try await shared.value("a") { await gate.work() } }
            await until { gate.begun == 1 }
            #expect(try await shared.value("b") { 7 } == 7)
            gate.end(1)
            try await tasks.waitForAll()
        }
    }

    @Test func `a fault is that of all who wait for it, and who comes later tries anew`() async throws {
        let shared = SharedWork<String, Int>()
        await #expect(throws: Problem.notFound) { try await shared.value("a") { throw Problem.notFound } }
        #expect(try await shared.value("a") { 1 } == 1)
    }

    @Test func `when who does the work is cancelled, those who wait do it`() async throws {
        let shared = SharedWork<String, Int>()
        let gate = Gate()
        await withTaskGroup(of: Int?.self) { tasks in
            tasks.addTask { try? await shared.value("a") { await gate.work() } }
            await until { gate.begun == 1 }
            await withTaskGroup(of: Int?.self) { cancelled in
                cancelled.addTask { try? await shared.value("a") { await gate.work() } }
                for _ in 0..<1000 { await Task.yield() }
                tasks.addTask { try? await shared.value("a") { await gate.work() } }
                for _ in 0..<1000 { await Task.yield() }
                cancelled.cancelAll()
                #expect(await cancelled.next() == .some(nil))
            }
            await until { gate.begun == 2 }
            gate.end(1)
            gate.end(2)
            let answers = await tasks.reduce(into: []) { $0.append($1) }
            #expect(answers.compactMap(\.self).sorted() == [1, 2])
        }
    }

    @Test func `when who does the work has no time left, those who have do it`() async throws {
        let shared = SharedWork<String, Int>()
        let (gate, came) = (Gate(), Locked(0))
        // On a loop, whose timer ends a wait.
        let group = EventLoopGroup(count: 1)
        let answers = try await group.run {
            await withTaskGroup(of: Int?.self) { tasks in
                tasks.addTask { try? await shared.value("a") { await gate.work() } }
                await until { gate.begun == 1 }
                tasks.addTask {
                    try? await shared.value("a", until: .after(.milliseconds(100))) {
                        _ = await gate.work()
                        throw Problem.unavailable()
                    }
                }
                for _ in 0..<1000 { await Task.yield() }
                for _ in 0..<5 {
                    tasks.addTask {
                        came.withLock { $0 += 1 }
                        return try? await shared.value("a") { 7 }
                    }
                }
                await until { came.withLock { $0 } == 5 && gate.begun == 2 }
                gate.end(2)
                gate.end(1)
                return await tasks.reduce(into: []) { $0.append($1) }
            }
        }
        group.shutDown()
        #expect(answers.compactMap(\.self).sorted() == [1] + Array(repeating: 7, count: 5))
    }

    @Test func `whoever has no time left while others do the work is told so`() async throws {
        let shared = SharedWork<String, Int>()
        let gate = Gate()
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            tasks.addTask { try await shared.value("a") { await gate.work() } }
            await until { gate.begun == 1 }
            tasks.addTask { try await shared.value("a") { await gate.work() } }
            for _ in 0..<1000 { await Task.yield() }
            await #expect(throws: Problem.unavailable()) {
                try await shared.value("a", until: .after(.zero)) { 7 }
            }
            gate.end(1)
            await until { gate.begun == 2 }
            gate.end(2)
            try await tasks.waitForAll()
        }
    }
}
