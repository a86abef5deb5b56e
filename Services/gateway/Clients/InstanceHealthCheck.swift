import Lifecycle
package import Net

/// Refreshes all instances every few seconds: names are resolved again, each instance is asked whether it lives.
package struct InstanceHealthCheck: Service {
    package let name = "instance health check"
    private let services: [ServiceInstances]
    private let loop: EventLoop

    package init(_ services: [ServiceInstances], on loop: EventLoop) {
        self.services = services
        self.loop = loop
    }

    package func start() async throws { await refresh() }

    package func run() async throws {
        let shutdown = Shutdown.current
        while !shutdown.isRequested {
            await Pause.wait(.seconds(2), on: loop, unless: shutdown)
            if !shutdown.isRequested { await refresh() }
        }
    }

    private func refresh() async {
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await service.refresh() } }
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
