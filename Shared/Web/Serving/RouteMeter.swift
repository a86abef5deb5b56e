import Lifecycle
package import Observability

/// What is counted of one route: answers by status, and how long they took.
package final class RouteMeter: Sendable {
    private let metrics: Metrics
    private let route: String
    private let method: String
    private let time: Histogram
    private let good: Counter
    // Few per route: the handle is looked up once, then kept.
    private let others = Locked<[Int: Counter]>([:])

    package init(_ metrics: Metrics, route: String, method: String) {
        self.metrics = metrics
        self.route = route
        self.method = method
        time = metrics.histogram(
            "praxis_http_request_duration_seconds", "Time from a request's head to its answer.",
            ["route": route, "method": method])
        good = Self.counter(metrics, route, method, 200)
    }

    package func observe(_ status: Int, nanoseconds: Int64) {
        time.observe(nanoseconds: nanoseconds)
        if status == 200 { return good.add() }
        others.withLock { counters in
            if let known = counters[status] { return known }
            let made = Self.counter(metrics, route, method, status)
            counters[status] = made
            return made
        }.add()
    }

    private static func counter(_ metrics: Metrics, _ route: String, _ method: String, _ status: Int) -> Counter {
        metrics.counter(
            "praxis_http_requests_total", "Requests answered.",
            ["route": route, "method": method, "status": String(status)])
    }
}
