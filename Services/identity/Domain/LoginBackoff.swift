import Kernel

/// How long someone who keeps guessing waits: not at all for the first four wrong passwords of a name, then 1 s,
/// doubling to at most a minute. It never becomes a lock, or anyone could lock another out by guessing.
package enum LoginBackoff {
    package static let freeFailures = 4
    package static let longest: Duration = .seconds(60)
    /// After so long without a try, counting starts anew.
    package static let forgetsAfter: Duration = .seconds(3600)

    /// The wait after so many failures in a row.
    package static func delay(after failures: Int) -> Duration {
        guard failures > freeFailures else { return .zero }
        let doublings = min(failures - freeFailures - 1, 6)
        return min(.seconds(1 << doublings), longest)
    }

    /// The waits in seconds after 1, 2, … failures until they stop growing: what one atomic statement counts by.
    package static let delays: [Int64] = (1...(freeFailures + 7)).map { delay(after: $0).components.seconds }
}
