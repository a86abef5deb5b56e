import Kernel
import Lifecycle
import Scheduling
import Testing

@Suite struct LeaderFirstTests {
    private func until(_ isSo: () -> Bool) async { while !isSo() { await Task.yield() } }

    /// A leader that is at work until it is let go, and those who came after it.
    private func behindLeader(
        _ followers: Int, check: @escaping @Sendable () throws -> Void,
        leader: @escaping @Sendable () throws -> Void = {}, until deadline: Deadline = .never
    ) async -> (succeeded: Int, problems: [Problem]) {
        let turns = LeaderFirst<String>()
        let (begun, end) = (Latch(), Latch())
        let came = Locked(0)
        return await withTaskGroup(of: (any Error)?.self) { tasks in
            tasks.addTask {
                await fault {
                    try await turns.pass("nine", until: .never, check: {}) {
                        begun.fire()
                        await end.wait()
                        try leader()
                    }
                }
            }
            await begun.wait()
            for _ in 0..<followers {
                tasks.addTask {
                    came.withLock { $0 += 1 }
                    return await fault { try await turns.pass("nine", until: deadline, check: check) {} }
                }
            }
            await until { came.withLock { $0 } == followers }
            for _ in 0..<1000 { await Task.yield() }
            end.fire()
            let faults = await tasks.reduce(into: []) { $0.append($1) }
            return (faults.count { $0 == nil }, faults.compactMap { $0 as? Problem })
        }
    }

    @Test func `who comes while one is at it checks once, after it is done`() async {
        let (checks, isTaken) = (Locked(0), Locked(false))
        let outcome = await behindLeader(
            20,
            check: {
                checks.withLock { $0 += 1 }
                if isTaken.withLock({ $0 }) { throw Problem.notFound }
            }, leader: { isTaken.withLock { $0 = true } })
        #expect(outcome.succeeded == 1 && outcome.problems == Array(repeating: .notFound, count: 20))
        #expect(checks.withLock { $0 } == 20)
    }

    @Test func `where the first one fails, the others go on`() async {
        let outcome = await behindLeader(20, check: {}, leader: { throw Problem.forbidden })
        #expect(outcome.succeeded == 20 && outcome.problems == [.forbidden])
    }

    @Test func `whoever has no time left to wait is told so while the first one is at it`() async {
        let outcome = await behindLeader(1, check: {}, until: .after(.zero))
        #expect(outcome.succeeded == 1 && outcome.problems.map(\.code) == [.serviceUnavailable])
    }

    @Test func `who wants something else does not wait`() async throws {
        let turns = LeaderFirst<String>()
        try await turns.pass("nine", until: .never, check: {}) {
            try await turns.pass("ten", until: .never, check: {}) {}
        }
    }

    @Test func `who is cancelled while waiting neither stays nor holds up the others`() async {
        let turns = LeaderFirst<String>()
        let (begun, end) = (Latch(), Latch())
        await withTaskGroup(of: (any Error)?.self) { tasks in
            tasks.addTask {
                await fault {
                    try await turns.pass("nine", until: .never, check: {}) {
                        begun.fire()
                        await end.wait()
                    }
                }
            }
            await begun.wait()
            await withTaskGroup(of: (any Error)?.self) { cancelled in
                cancelled.addTask { await fault { try await turns.pass("nine", until: .never, check: {}) {} } }
                for _ in 0..<1000 { await Task.yield() }
                cancelled.cancelAll()
                #expect(await cancelled.next() as? CancellationError != nil)
            }
            end.fire()
            #expect(await tasks.reduce(0) { $0 + ($1 == nil ? 1 : 0) } == 1)
        }
        #expect(await fault { try await turns.pass("nine", until: .never, check: {}) {} } == nil)
    }
}

/// What the work throws; nil where it succeeds.
private func fault(_ work: () async throws -> Void) async -> (any Error)? {
    do {
        try await work()
        return nil
    } catch {
        return error
    }
}
