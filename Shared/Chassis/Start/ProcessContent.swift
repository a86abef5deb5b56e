import Lifecycle
import Observability

/// All of a process but its health page: made when its dependencies are there, started, and stopped as one.
struct ProcessContent: Service {
    let name = "content"
    let process: ServiceProcess
    let health: Health
    let compose: @Sendable () async throws -> ServiceProcess.Content
    private let made = Locked<[any Service]>([])

    func start() async throws {
        do {
            let content = try await compose()
            made.withLock { $0 = content.services + [ReadySign(health: health, probes: content.probes)] }
        } catch is CancellationError where process.shutdown.isRequested {
            // Asked to stop while it waited for something: there is nothing to run, and nothing wrong.
        }
    }

    func run() async throws {
        let services = made.withLock { $0 }
        try await Services(services, grace: process.settings.grace, shutdown: Shutdown.current).run()
    }
}

/// Started last and stopped first: while it runs, the process takes work.
private struct ReadySign: Service {
    let name = "readiness"
    let health: Health
    let probes: [Probe]

    func run() async throws {
        health.open(probes)
        log.info("ready")
        await Shutdown.current.wait()
        health.close()
    }
}
