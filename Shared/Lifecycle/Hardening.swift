internal import CLinux
internal import Glibc

/// What a process gives up before it reads anything: no core file, no debugger, no dump of what patients wrote.
package enum Hardening {
    package static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = praxis_forbid_dumps()
        umask(0o077)
    }
}
