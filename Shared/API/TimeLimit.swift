/// How long one request may take in all, from its head to the last byte of its answer.
package enum TimeLimit: Sendable, Equatable {
    /// As the process that serves it is set up: `GATEWAY_DEADLINE_SECONDS` at the gateway, less in a service.
    case `default`
    case seconds(Int)
    /// Until one side ends it: a stream of events.
    case unlimited

    /// How long its body may be waited for, where that is not the server's usual time.
    package var bodyTime: Duration? { if case .seconds(let seconds) = self { .seconds(seconds) } else { nil } }

    /// Nil without a limit.
    package func duration(default usual: Duration) -> Duration? {
        switch self {
        case .default: usual
        case .seconds(let seconds): .seconds(seconds)
        case .unlimited: nil
        }
    }
}
