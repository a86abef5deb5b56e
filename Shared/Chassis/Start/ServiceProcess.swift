package import API
package import Kernel
package import Lifecycle
package import Net
package import Observability
package import Settings

/// What stands around every process, with tables or without: settings, loops, signals, health and metrics.
package struct ServiceProcess: Sendable {
    package let name: ServiceName
    package let environment: Environment
    package let settings: CommonSettings
    package let clock: any WallClock
    package let group: EventLoopGroup
    package let metrics: Metrics
    /// Told by all servers of the process.
    package let refused: RefusedConnections
    package let shutdown: Shutdown
    /// What is read again at SIGHUP: the log level, and what a service adds.
    package let hangUp: HangUp
    /// What the start waits for, in words that `/readyz?verbose` tells.
    let waiting = Locked<String?>(nil)

    /// What runs inside the process: services in the order of their start, and what readiness asks.
    package struct Content: Sendable {
        package let services: [any Service]
        package let probes: [Probe]

        package init(services: [any Service], probes: [Probe] = []) {
            self.services = services
            self.probes = probes
        }
    }

    /// Reads the settings, runs what `compose` makes of them until the process is asked to stop, and ends the process:
    /// with 0 after a stop, 78 when the settings are not usable, 1 when something failed. All faults of all settings
    /// are reported together.
    /// - Parameter reading: reads this process's own settings; nil exactly when it noted a fault.
    package static func run<More: Sendable>(
        _ name: ServiceName, reading: @Sendable (inout SettingsReader) -> More?,
        compose: @escaping @Sendable (ServiceProcess, More) async throws -> Content
    ) async {
        let words = Array(CommandLine.arguments.dropFirst())
        await StartCommand.obey(words, name, migrations: nil)
        ConfigCommand.obey(words, name) { _ = reading(&$0) }
        Hardening.apply()
        let (shutdown, hangUp) = (Shutdown(), HangUp())
        Signals.request(shutdown, hangUp: hangUp)
        do {
            let environment = try Environment.load()
            let (settings, more) = try read(name, environment, reading)
            let process = ServiceProcess(name, environment, settings, shutdown, hangUp)
            hangUp.add { CommonSettings.readLogLevelAgain(name) }
            try await process.live { try await compose(process, more) }
            log.info("stopped", ["instance": settings.instance])
            process.group.shutDown()
            ExitReport.end(0)
        } catch {
            let (code, words) = ExitReport.about(error)
            ExitReport.say(words)
            ExitReport.end(code)
        }
    }

    private init(
        _ name: ServiceName, _ environment: Environment, _ settings: CommonSettings, _ shutdown: Shutdown,
        _ hangUp: HangUp
    ) {
        self.hangUp = hangUp
        self.name = name
        self.environment = environment
        self.settings = settings
        self.shutdown = shutdown
        clock = SystemClock()
        group = EventLoopGroup(count: settings.loops)
        metrics = Metrics()
        refused = RefusedConnections(metrics)
        ProcessMetrics.register(in: metrics)
        metrics.gauge(
            "praxis_build_info", "The version that runs.", ["service": name.rawValue, "version": Release.version]
        )
        .set(1)
    }

    private static func read<More: Sendable>(
        _ name: ServiceName, _ environment: Environment, _ reading: (inout SettingsReader) -> More?
    ) throws -> (CommonSettings, More) {
        var reader = SettingsReader(environment)
        let settings = CommonSettings(name, from: &reader)
        let more = reading(&reader)
        try reader.finish()
        guard let settings, let more else { throw StartFault("the settings are incomplete") }
        for note in reader.notes { log.warning("a setting was given twice", ["note": note]) }
        return (settings, more)
    }

    /// The health page is there first and longest: it answers while everything else waits for its dependencies.
    private func live(_ compose: @escaping @Sendable () async throws -> Content) async throws {
        let health = Health(waiting: waiting)
        let content = ProcessContent(process: self, health: health, compose: compose)
        let page = OpsPage(health: health, metrics: metrics)
        let services: [any Service] = [try page.server(self), content]
        log.info("starting", ["instance": settings.instance, "version": Release.version, "loops": group.count])
        shutdown.onRequest { endLate() }
        try await group.run { [settings, shutdown] in
            try await Services(services, grace: settings.grace, shutdown: shutdown).run()
        }
    }

    /// Work that goes on though it was cancelled (a mail server that does not answer holds a thread) ends with the
    /// process. It leaves what kill -9 leaves, from which all recovers.
    private func endLate() {
        GracePeriod(settings.grace + .seconds(2)) { [settings] in
            log.error("stopped before all work had ended", ["instance": settings.instance])
            ExitReport.endNow(1)
        }
    }
}
