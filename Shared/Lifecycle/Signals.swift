internal import CLinux
internal import Glibc

/// The signals of the operating system, turned into a request to stop. Call it first in `main`, before any thread exists:
/// threads inherit the mask that keeps the signals for the one that waits for them.
package enum Signals {
    /// SIGTERM and SIGINT request `shutdown`; a second one ends the process at once. SIGPIPE is ignored: a write to a closed
    /// socket is an error there, not the end of the process.
    package static func request(_ shutdown: Shutdown) {
        ignoreBrokenPipes()
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, SIGTERM)
        unsafe sigaddset(&mask, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &mask, nil)
        detachedThread(named: "signals") { [mask] in
            var mask = mask
            while true {
                var signal: Int32 = 0
                guard unsafe sigwait(&mask, &signal) == 0 else { continue }
                if shutdown.isRequested { _exit(128 &+ signal) }
                shutdown.request()
            }
        }
    }

    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
