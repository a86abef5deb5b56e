import Glibc

/// Where a moment comes from: the system in production, a given one in tests. Time-outs use the monotonic clock
/// instead.
package protocol WallClock: Sendable {
    var now: Instant { get }
}

/// The system's real-time clock.
package struct SystemClock: WallClock {
    package init() {}
    package var now: Instant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
