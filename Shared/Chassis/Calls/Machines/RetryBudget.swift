/// How much of the traffic may be retries: each request earns a part of a retry, bounded above.
package struct RetryBudget: Sendable {
    private let share: Double
    private let most: Double
    private var saved: Double

    package init(share: Double = 0.2, most: Double = 10) {
        self.share = share
        self.most = most
        saved = most
    }

    package mutating func earn() { saved = min(most, saved + share) }

    package mutating func spend() -> Bool {
        guard saved >= 1 else { return false }
        saved -= 1
        return true
    }
}
