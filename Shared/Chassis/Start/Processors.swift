import Glibc

enum Processors {
    /// How many this process may run on.
    static var count: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }
}

/// A process's words before its log is set, or after it has failed: whole lines on the standard error.
enum ExitReport {
    static func say(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func end(_ code: Int32) -> Never { exit(code) }

    /// Ends the process while its threads are at work: nothing is tidied up that they may be using.
    static func endNow(_ code: Int32) -> Never { _exit(code) }
}
