package import Lifecycle

/// Repeats work until the process is asked to stop or the task is cancelled: the one loop under all that runs beside
/// requests.
package enum RepeatedWork {
    /// - Parameters:
    ///   - wake: ends a pause early.
    ///   - once: does the work one time, and says how long to pause before the next; nil when there is no next.
    package static func run(
        unless shutdown: Shutdown = .current, wake: WakeSignal = WakeSignal(), time: JobTime = .system,
        _ once: () async -> Duration?
    ) async {
        let key = shutdown.onRequest { wake.signal() }
        defer { shutdown.forget(key) }
        while !shutdown.isRequested, !Task.isCancelled {
            guard let pause = await once() else { return }
            if shutdown.isRequested || Task.isCancelled { return }
            guard pause > .zero else { continue }
            await withTaskCancellationHandler {
                await time.wait(wake, pause)
            } onCancel: {
                wake.signal()
            }
        }
    }
}
