import Lifecycle
import Net

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
