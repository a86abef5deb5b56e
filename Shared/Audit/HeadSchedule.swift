import Lifecycle

/// When a head is to be signed: at the start, then each interval. Before the first batch there is nothing to sign; the
/// first is signed at once.
struct HeadSchedule: Sendable {
    let interval: Duration
    private var next: MonotonicTime?
    private var hasTried = false

    /// Between tries while the folder cannot be written.
    private static let retryInterval: Duration = .seconds(60)

    init(interval: Duration) { self.interval = interval }

    func isDue(hasSealed: Bool, at now: MonotonicTime) -> Bool {
        if hasSealed, !hasTried { return true }
        return next.map { $0 <= now } ?? true
    }

    /// - Parameter signed: false when there was nothing to sign, nil when it failed.
    mutating func record(_ signed: Bool?, at now: MonotonicTime) {
        if signed != false { hasTried = true }
        next = now.advanced(by: signed == nil ? min(interval, Self.retryInterval) : interval)
    }
}
