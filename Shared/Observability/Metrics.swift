/// The registry of a process's metrics. Handles are taken once, at composition, and kept; asking again by the same name
/// and labels gives the same handle. Names follow Prometheus (`praxis_http_requests_total`, `_seconds`, `_bytes`);
/// labels are routes and codes, never people.
package final class Metrics: Sendable {
    /// Beyond so many label sets of one name, new ones share one series labelled `overflow`: no input may grow the
    /// memory.
    static let seriesLimit = 1000

    enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case read(@Sendable () -> Double)
        case histogram(Histogram)
    }

    struct Family: Sendable {
        let kind: String
        let help: String
        var series: [[Label]: Series] = [:]
    }

    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    private let families = Lock<[String: Family]>([:])

    package init() {}

    package func counter(
        _ name: StaticString, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String> = [:]
    ) -> Counter {
        let series = series(name, "counter", help, labels) { .counter(Counter()) }
        guard case .counter(let counter) = series else { return Counter() }
        return counter
    }

    package func gauge(
        _ name: StaticString, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String> = [:]
    ) -> Gauge {
        let series = series(name, "gauge", help, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = series else { return Gauge() }
        return gauge
    }

    /// A gauge whose value is asked for at each scrape.
    package func gauge(
        _ name: StaticString, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String> = [:],
        read: @escaping @Sendable () -> Double
    ) {
        _ = series(name, "gauge", help, labels) { .read(read) }
    }

    /// A counter whose value is kept elsewhere (by the kernel, say) and asked for at each scrape.
    package func counter(
        _ name: StaticString, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String> = [:],
        read: @escaping @Sendable () -> Double
    ) {
        _ = series(name, "counter", help, labels) { .read(read) }
    }

    package func histogram(
        _ name: StaticString, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String> = [:],
        bounds: [Double] = Histogram.seconds
    ) -> Histogram {
        let series = series(name, "histogram", help, labels) { .histogram(Histogram(bounds: bounds)) }
        guard case .histogram(let histogram) = series else { return Histogram(bounds: bounds) }
        return histogram
    }

    var snapshot: [(name: String, family: Family)] {
        families.withLock { families in families.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }
    }

    /// One name used as two kinds is a mistake of ours: it stops a debug build; in release the second handle is simply
    /// not shown.
    private func series(
        _ name: StaticString, _ kind: String, _ help: StaticString, _ labels: KeyValuePairs<StaticString, String>,
        make: () -> Series
    ) -> Series {
        let key = labels.map { Label(name: $0.key.description, value: $0.value) }
        return families.withLock { families in
            var family = families[name.description] ?? Family(kind: kind, help: help.description)
            guard family.kind == kind else {
                assertionFailure("metric \(name) is a \(family.kind), not a \(kind)")
                return make()
            }
            let full = family.series.count >= Self.seriesLimit && family.series[key] == nil
            let seriesKey = full ? key.map { Label(name: $0.name, value: "overflow") } : key
            if let known = family.series[seriesKey] { return known }
            let made = make()
            family.series[seriesKey] = made
            families[name.description] = family
            return made
        }
    }
}
