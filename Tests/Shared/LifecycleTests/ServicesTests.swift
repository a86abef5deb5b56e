import Lifecycle
import Testing

@Suite struct ServicesTests {
    private struct Recorder: Service {
        let name: String
        let log: Locked<[String]>
        var startFails = false
        var fails = false
        var ignoresShutdown = false

        struct Fault: Error {}

        func start() async throws {
            if startFails { throw Fault() }
            log.withLock { $0.append("start \(name)") }
        }

        func run() async throws {
            if fails { throw Fault() }
            if ignoresShutdown {
                try await Task.sleep(for: .seconds(60))
            } else {
                await Shutdown.current.wait()
            }
            log.withLock { $0.append("stop \(name)") }
        }
    }

    @Test func `services start top-down and stop bottom-up`() async throws {
        let log = Locked<[String]>([])
        let shutdown = Shutdown()
        let services = Services(
            ["a", "b", "c"].map { Recorder(name: $0, log: log) }, grace: .seconds(10), shutdown: shutdown)
        async let run: Void = services.run()
        while log.withLock({ $0.count }) < 3 { await Task.yield() }
        shutdown.request()
        try await run
        #expect(log.withLock { $0 } == ["start a", "start b", "start c", "stop c", "stop b", "stop a"])
    }

    @Test func `a service that fails stops the others, and the failure is told`() async throws {
        let log = Locked<[String]>([])
        let services = Services(
            [Recorder(name: "good", log: log), Recorder(name: "bad", log: log, fails: true)], grace: .seconds(10))
        let failure = await #expect(throws: Services.Failure.self) { try await services.run() }
        guard case .failed("bad", _)? = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
        #expect(log.withLock { $0.last } == "stop good")
    }

    @Test func `a service that cannot start stops those started before and starts none after`() async throws {
        let log = Locked<[String]>([])
        let services = Services(
            [
                Recorder(name: "first", log: log), Recorder(name: "second", log: log, startFails: true),
                Recorder(name: "third", log: log),
            ], grace: .seconds(10))
        await #expect(throws: Services.Failure.self) { try await services.run() }
        #expect(log.withLock { $0 } == ["start first", "stop first"])
    }

    @Test func `a service that does not stop is cancelled when the grace is over`() async throws {
        let log = Locked<[String]>([])
        let shutdown = Shutdown()
        shutdown.request()
        let began = MonotonicTime.now
        let services = Services([Recorder(name: "x", log: log)], grace: .milliseconds(20), shutdown: shutdown)
        try await services.run()
        let stuck = Shutdown()
        let stubborn = Services(
            [Recorder(name: "deaf", log: log, ignoresShutdown: true)], grace: .milliseconds(20), shutdown: stuck)
        async let run: Void = stubborn.run()
        while !log.withLock({ $0.contains("start deaf") }) { await Task.yield() }
        stuck.request()
        try await run
        #expect(began.duration(to: .now) < .seconds(20))
    }
}
