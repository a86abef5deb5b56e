/// All services of a process, in the order of their needs: started top-down, stopped bottom-up, and one that fails or
/// ends before it was asked to takes the others with it.
package struct Services: Sendable {
    /// Why the services stopped without being asked to.
    package enum Failure: Error {
        case startFailed(service: String, any Error)
        case failed(service: String, any Error)
        case endedEarly(service: String)
    }

    private let services: [any Service]
    private let grace: Duration
    private let shutdown: Shutdown

    /// `grace` bounds the whole stop; services that still run after it are cancelled.
    package init(_ services: [any Service], grace: Duration, shutdown: Shutdown = Shutdown()) {
        self.services = services
        self.grace = grace
        self.shutdown = shutdown
    }

    /// Runs until the shutdown is requested and every service has ended; throws when it was not a request that ended
    /// them.
    package func run() async throws {
        let run = Run(services: services, shutdown: shutdown)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let failure = await run.start(in: &group)
            if failure == nil { await shutdown.wait() }
            await run.stop(within: grace, in: &group)
            if let failure = failure ?? run.failure { throw failure }
        }
    }
}

/// One run of a list of services: which were started, which have ended.
private final class Run: Sendable {
    private let services: [any Service]
    private let whole: Shutdown
    private let each: [Shutdown]
    private let ended: [Latch]
    private let started = Locked(0)
    private let firstFailure = Locked<Services.Failure?>(nil)

    var failure: Services.Failure? { firstFailure.withLock { $0 } }

    init(services: [any Service], shutdown: Shutdown) {
        self.services = services
        whole = shutdown
        each = services.map { _ in Shutdown() }
        ended = services.map { _ in Latch() }
    }

    func start(in group: inout ThrowingTaskGroup<Void, any Error>) async -> Services.Failure? {
        for (index, service) in services.enumerated() where !whole.isRequested {
            do {
                try await Shutdown.$current.withValue(each[index]) { try await service.start() }
            } catch {
                return .startFailed(service: service.name, error)
            }
            started.withLock { $0 = index + 1 }
            group.addTask { await self.work(index) }
        }
        return nil
    }

    private func work(_ index: Int) async {
        let service = services[index]
        defer { ended[index].fire() }
        do {
            try await Shutdown.$current.withValue(each[index]) { try await service.run() }
            if !each[index].isRequested { fail(.endedEarly(service: service.name)) }
        } catch {
            if !(error is CancellationError && each[index].isRequested) { fail(.failed(service: service.name, error)) }
        }
    }

    private func fail(_ failure: Services.Failure) {
        firstFailure.withLock { $0 = $0 ?? failure }
        whole.request()
    }

    /// Asks the last started to stop, waits for it, then the one before; past the grace all are cancelled.
    func stop(within grace: Duration, in group: inout ThrowingTaskGroup<Void, any Error>) async {
        let count = started.withLock { $0 }
        let period = GracePeriod(grace) { [each, ended] in
            for shutdown in each { shutdown.request() }
            for latch in ended { latch.fire() }
        }
        for index in (0..<count).reversed() {
            each[index].request()
            await ended[index].wait()
        }
        if period.isOver { group.cancelAll() }
        period.end()
    }
}
