import NotifierDomain
import Observability

extension RetryPolicy.Next {
    /// For logs and metrics.
    var word: String {
        switch self {
        case .sent: "sent"
        case .failed: "failed"
        case .dead: "dead"
        case .again: "again"
        }
    }
}

/// What is counted of deliveries.
struct DeliveryMeter: Sendable {
    private let counters: [String: Counter]

    init(_ metrics: Metrics, of channel: MessageChannel) {
        var counters: [String: Counter] = [:]
        for word in ["sent", "failed", "dead", "again"] {
            counters[word] = metrics.counter(
                "praxis_deliveries_total", "Tries to deliver a message, by what follows.",
                ["channel": channel.rawValue, "next": word])
        }
        self.counters = counters
    }

    func note(_ next: RetryPolicy.Next) { counters[next.word]?.add() }
}
