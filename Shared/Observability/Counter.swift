import Synchronization

/// A number that only grows. Take the handle once, then `add` costs one atomic instruction.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    init() {}

    package func add(_ amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
package final class Gauge: Sendable {
    private let number = AtomicDouble()

    init() {}

    package func set(_ value: Double) { number.store(value) }
    package func add(_ amount: Double = 1) { number.add(amount) }
    package func subtract(_ amount: Double = 1) { number.add(-amount) }
    package var value: Double { number.load() }
}

/// Observations by size; the bounds are upper ones, ascending, in the metric's unit (seconds for times), `+Inf` is
/// added.
package final class Histogram: Sendable {
    /// From half a millisecond to the gateway's own deadline of ten seconds.
    package static let seconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    let bounds: [Double]
    // One object each: an atomic may not live in an array, and a reference to one may.
    private let cells: [Counter]
    private let total = AtomicDouble()

    init(bounds: [Double]) {
        self.bounds = bounds
        cells = (0...bounds.count).map { _ in Counter() }
    }

    package func observe(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        cells[index].add()
        total.add(value)
    }

    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// A time in nanoseconds: on the way of every request, where 128 bits of a `Duration` are worth avoiding.
    package func observe(nanoseconds: Int64) { observe(Double(nanoseconds) * 1e-9) }

    package var count: UInt64 { cells.reduce(0) { $0 &+ $1.value } }
    package var sum: Double { total.load() }

    /// How many observations were at most each bound, and all of them last.
    var cumulative: [UInt64] {
        var running: UInt64 = 0
        return cells.map {
            running &+= $0.value
            return running
        }
    }
}

/// A `Double` kept as its bit pattern.
private final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let (done, actual) = bits.weakCompareExchange(
                expected: seen, desired: (Double(bitPattern: seen) + amount).bitPattern, ordering: .relaxed)
            if done { return }
            seen = actual
        }
    }
}
