import Lifecycle

/// Whether the process takes work now: not before it has started, not while it stops, and as its probes say in between.
final class Health: Sendable {
    private enum State {
        case starting
        case open([Probe])
        case stopping
    }

    /// What a look at the process has shown.
    struct Report: Sendable, Equatable {
        enum Status: String, Sendable { case ready, degraded, notReady = "not_ready" }

        struct Line: Sendable, Equatable {
            let name: String
            let isWell: Bool
            /// Why it is not well, where that is known.
            var reason: String?
        }

        let status: Status
        let lines: [Line]
    }

    private let state = Locked(State.starting)
    /// What the start waits for.
    private let waiting: Locked<String?>

    init(waiting: Locked<String?> = Locked(nil)) { self.waiting = waiting }

    func open(_ probes: [Probe]) { state.withLock { $0 = .open(probes) } }
    func close() { state.withLock { $0 = .stopping } }

    func look() async -> Report {
        switch state.withLock({ $0 }) {
        case .starting:
            return Report(
                status: .notReady,
                lines: [
                    Report.Line(name: "start", isWell: false, reason: waiting.withLock { $0 })
                ])
        case .stopping: return Report(status: .notReady, lines: [Report.Line(name: "stop", isWell: false)])
        case .open(let probes):
            var lines: [Report.Line] = []
            var status = Report.Status.ready
            for probe in probes {
                do {
                    try await probe.check()
                    lines.append(Report.Line(name: probe.name, isWell: true))
                    continue
                } catch {
                    lines.append(
                        Report.Line(name: probe.name, isWell: false, reason: (error as? ProbeFault)?.reason))
                }
                if probe.weight == .required { status = .notReady } else if status == .ready { status = .degraded }
            }
            return Report(status: status, lines: lines)
        }
    }
}
