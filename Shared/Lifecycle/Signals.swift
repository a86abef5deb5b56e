internal import Glibc

/// The signals of the operating system, turned into a request to stop.
package enum Signals {
    /// SIGTERM and SIGINT request `shutdown`; a second one ends the process at once. SIGHUP ends nothing: it runs what
    /// `hangUp` holds, on the thread of signals. SIGPIPE is ignored: a write to a closed
    /// socket is an error there, not the end of the process. A handler and a pipe rather than a mask and `sigwait`: an
    /// asynchronous `main` does not begin on the first thread, so threads without the mask may exist already.
    package static func request(_ shutdown: Shutdown, hangUp: HangUp = HangUp()) {
        ignoreBrokenPipes()
        var ends: [Int32] = [-1, -1]
        precondition(unsafe pipe(&ends) == 0, "the system refused a pipe at the start")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        unsafe SignalPipe.writingEnd = ends[1]
        let readingEnd = ends[0]
        detachedThread(named: "signals") {
            while true {
                var number: UInt8 = 0
                guard unsafe read(readingEnd, &number, 1) == 1 else { continue }
                if Int32(number) == SIGHUP {
                    hangUp.run()
                    continue
                }
                if shutdown.isRequested { _exit(128 &+ Int32(number)) }
                shutdown.request()
            }
        }
        for number in [SIGTERM, SIGINT, SIGHUP] { _ = signal(number) { SignalPipe.send($0) } }
    }

    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}

/// What is read again when the process is sent SIGHUP. Each part may block, and says itself what it could not read.
package final class HangUp: Sendable {
    private let parts = Locked<[@Sendable () -> Void]>([])

    package init() {}

    package func add(_ part: @escaping @Sendable () -> Void) { parts.withLock { $0.append(part) } }

    package func run() {
        for part in parts.withLock({ $0 }) { part() }
    }
}

/// What a signal handler may touch: a descriptor, written once before the first handler is installed.
private enum SignalPipe {
    nonisolated(unsafe) static var writingEnd: Int32 = -1

    /// Runs inside the handler: nothing but one `write`, with `errno` left as it was.
    static func send(_ number: Int32) {
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe write(writingEnd, &byte, 1)
        errno = saved
    }
}
