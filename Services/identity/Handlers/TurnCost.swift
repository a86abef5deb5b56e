/// What a turn in a queue takes, learnt from those that were taken: a mean in which the latest count most, and how far
/// they are from it, as TCP learns its round trips (RFC 6298).
package struct TurnCost: Sendable {
    package private(set) var mean: Duration
    private var deviation: Duration
    private var count = 0

    /// No turn is taken for longer, or after a minute of slow ones all would be refused and none measured any more.
    static let ceiling: Duration = .seconds(3)

    package init(expected: Duration) {
        mean = min(expected, Self.ceiling)
        deviation = mean / 2
    }

    /// What a turn hardly ever exceeds.
    package var most: Duration { min(mean + deviation * 2, Self.ceiling) }

    package mutating func note(_ duration: Duration) {
        let duration = min(duration, Self.ceiling)
        count = min(count + 1, 8)
        let difference = duration - mean
        deviation += ((difference < .zero ? .zero - difference : difference) - deviation) / (count + 1)
        mean += difference / count
    }
}
