import Jobs
import Kernel
import Lifecycle
import Observability

/// Deletes messages of inboxes that are older than they are kept.
package struct PurgeInbox: Service {
    package let name = "inbox purge"
    let inbox: InboxStore
    let clock: any WallClock
    let metrics: Metrics

    package func run() async throws {
        let job = PeriodicJob(
            name, every: .seconds(3600), jitter: 0.5, metrics: metrics,
            draining: { try await inbox.purge(at: clock.now) > 0 })
        await job.run()
    }
}
