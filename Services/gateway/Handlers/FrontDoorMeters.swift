import API
import HTTP
import Lifecycle
import Observability

/// What the gateway counts: answers by route, method and status, and how long they took. Routes are templates, never paths.
final class FrontDoorMeters: Sendable {
    private let metrics: Metrics
    private let times: [String: Histogram]
    private let strays: Histogram
    private let counters = Locked<[String: Counter]>([:])

    init(_ metrics: Metrics) {
        self.metrics = metrics
        var times: [String: Histogram] = [:]
        for declaration in Catalogue.all where declaration.isPublic {
            times[declaration.name] = metrics.histogram(
                "praxis_http_request_duration_seconds", "Time from a request's head to its answer.",
                ["route": declaration.path.description, "method": declaration.verb.rawValue])
        }
        self.times = times
        strays = metrics.histogram(
            "praxis_http_request_duration_seconds", "Time from a request's head to its answer.",
            ["route": "none", "method": "any"])
    }

    func observe(_ route: Declaration?, _ method: Method, _ status: Int, _ duration: Duration) {
        (route.flatMap { times[$0.name] } ?? strays).observe(duration)
        let key = "\(route?.name ?? "none") \(status)"
        counters.withLock { counters in
            if let known = counters[key] { return known }
            let made = metrics.counter(
                "praxis_http_requests_total", "Requests answered.",
                [
                    "route": route?.path.description ?? "none", "method": route?.verb.rawValue ?? "any",
                    "status": String(status),
                ])
            counters[key] = made
            return made
        }.add()
    }
}
