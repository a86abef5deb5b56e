import Lifecycle
package import Net

/// Surveys the fleets every few seconds: names are resolved again, instances asked whether they live.
package struct FleetWatch: Service {
    package let name = "fleet watch"
    private let fleets: [Fleet]
    private let loop: EventLoop

    package init(_ fleets: [Fleet], on loop: EventLoop) { (self.fleets, self.loop) = (fleets, loop) }

    package func start() async throws { await survey() }

    package func run() async throws {
        let shutdown = Shutdown.current
        while !shutdown.isRequested {
            await Pause.wait(.seconds(2), on: loop, unless: shutdown)
            if !shutdown.isRequested { await survey() }
        }
    }

    private func survey() async {
        await withTaskGroup(of: Void.self) { group in
            for fleet in fleets { group.addTask { await fleet.survey() } }
        }
    }
}

/// A wait that a shutdown cuts short.
enum Pause {
    static func wait(_ duration: Duration, on loop: EventLoop, unless shutdown: Shutdown) async {
        let latch = Latch()
        loop.execute { loop.after(duration) { latch.fire() } }
        let key = shutdown.onRequest { latch.fire() }
        await withTaskCancellationHandler {
            await latch.wait()
        } onCancel: {
            latch.fire()
        }
        shutdown.forget(key)
    }
}
