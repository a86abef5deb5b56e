internal import Glibc

/// A point of the monotonic clock, in nanoseconds since boot: it neither jumps nor follows the wall clock.
package struct MonotonicTime: Sendable, Hashable, Comparable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static var now: MonotonicTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Later by `duration`; saturates instead of overflowing.
    package func advanced(by duration: Duration) -> MonotonicTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    package func duration(to other: MonotonicTime) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return .nanoseconds(overflow ? .max : difference)
    }
}

/// The moment after which nobody waits for an answer any more.
package struct Deadline: Sendable, Hashable, Comparable {
    package let time: MonotonicTime

    package static let never = Deadline(MonotonicTime(nanoseconds: .max))

    package init(_ time: MonotonicTime) { self.time = time }

    package static func after(_ duration: Duration, from now: MonotonicTime = .now) -> Deadline {
        Deadline(now.advanced(by: duration))
    }

    package func isPast(at now: MonotonicTime = .now) -> Bool { time <= now }

    /// What is left; zero when it has passed.
    package func remaining(at now: MonotonicTime = .now) -> Duration {
        time <= now ? .zero : now.duration(to: time)
    }

    package static func < (left: Deadline, right: Deadline) -> Bool { left.time < right.time }
}

extension Duration {
    /// Nanoseconds, saturating at the ends of `Int64` (292 years).
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }
}
