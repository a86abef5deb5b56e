package import Lifecycle
package import Net
package import Observability

/// Connections that a server did not take: each is counted, and the log says why, at once and again each minute while
/// it goes on. Whose they were is personal, and is not said.
package final class RefusedConnections: Sendable {
    private struct Told {
        var at: MonotonicTime?
        /// Refused since it was told last.
        var since = 0
    }

    private let counters: [AcceptRefusal: Counter]
    private let told = Locked<[AcceptRefusal: Told]>([:])

    package init(_ metrics: Metrics) {
        let counters = AcceptRefusal.allCases.map { refusal in
            let counter = metrics.counter(
                "praxis_connections_refused_total",
                "Connections that were closed, or had to wait, instead of being taken.",
                ["reason": refusal.rawValue])
            return (refusal, counter)
        }
        self.counters = Dictionary(uniqueKeysWithValues: counters)
    }

    package func note(_ refusal: AcceptRefusal, at now: MonotonicTime = .now) {
        counters[refusal]?.add()
        let count = told.withLock { told -> Int? in
            let last = told[refusal] ?? Told()
            let count = last.since + 1
            if let at = last.at, now.nanoseconds &- at.nanoseconds < 60_000_000_000 {
                told[refusal] = Told(at: at, since: count)
                return nil
            }
            told[refusal] = Told(at: now)
            return count
        }
        guard let count else { return }
        log.warning("connections are refused", ["reason": Self.words(of: refusal), "connections": count])
    }

    private static func words(of refusal: AcceptRefusal) -> String {
        switch refusal {
        case .address: "as many are open from one address as may be; proxies are named in TRUSTED_PROXIES"
        case .process: "as many are open as may be"
        case .system: "the system has no descriptor or memory for another, which waits"
        }
    }
}
