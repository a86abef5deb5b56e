import Kernel

/// Removes claims that ended a day ago. By the clock, in the service's own name; one copy does it.
package struct PurgeClaims: Sendable {
    let store: ClaimPurge
    let clock: any WallClock

    /// True when more is to be removed than one run takes.
    package func run() async throws -> Bool { try await store.run(at: clock.now) == ClaimPurge.batch }
}
