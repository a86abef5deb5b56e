import Observability

/// The metrics of one consumer over one source.
struct ConsumerMetrics: Sendable {
    let consumed: Counter
    let repeated: Counter
    let unheard: Counter
    let dead: Counter
    let lag: Gauge

    init(_ metrics: Metrics, consumer: String, source: String) {
        let labels: KeyValuePairs<StaticString, String> = ["consumer": consumer, "source": source]
        consumed = metrics.counter("praxis_events_consumed_total", "Events whose effect was made.", labels)
        repeated = metrics.counter(
            "praxis_events_repeated_total", "Events that came again.", labels)
        unheard = metrics.counter(
            "praxis_events_unheard_total", "Events that change nothing here, passed over without a transaction.", labels
        )
        dead = metrics.counter("praxis_events_dead_total", "Events given up and kept as dead letters.", labels)
        lag = metrics.gauge("praxis_events_lag", "Entries of the stream not yet handled.", labels)
    }
}
