import Glibc

/// The process itself as Prometheus names it: memory, descriptors, processor time, start. Read from /proc at each
/// scrape.
package enum ProcessMetrics {
    package static func register(in metrics: Metrics) {
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
        metrics.gauge("process_resident_memory_bytes", "Resident memory size in bytes.") {
            (ProcFile.fields("/proc/self/statm").dropFirst().first ?? 0) * page
        }
        metrics.gauge("process_open_fds", "Number of open file descriptors.") { ProcFile.openDescriptors() }
        metrics.gauge("process_max_fds", "Maximum number of open file descriptors.") {
            var limit = rlimit()
            let good = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
            return good ? Double(limit.rlim_cur) : 0
        }
        metrics.counter("process_cpu_seconds_total", "User and system processor time in seconds.") {
            ProcFile.afterName(12) / tick + ProcFile.afterName(11) / tick
        }
        metrics.gauge("process_threads", "Number of threads.") { ProcFile.afterName(17) }
        let started = ProcFile.bootTime() + ProcFile.afterName(19) / tick
        metrics.gauge("process_start_time_seconds", "Start of the process in seconds since 1970.") { started }
    }
}

/// Numbers out of small files under /proc; 0 where there are none, for a scrape never fails.
private enum ProcFile {
    static func fields(_ path: String) -> [Double] {
        text(path).split(whereSeparator: \.isWhitespace).map { Double($0) ?? 0 }
    }

    /// Field `index` of /proc/self/stat, counted from 0 behind the name in parentheses, which may hold blanks (proc(5)
    /// counts from 3 there).
    static func afterName(_ index: Int) -> Double {
        let stat = text("/proc/self/stat")
        guard let end = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return index < fields.count ? Double(fields[index]) ?? 0 : 0
    }

    static func bootTime() -> Double {
        let line = text("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) } ?? 0
    }

    /// Without the one that counting takes.
    static func openDescriptors() -> Double {
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var count = -3
        while unsafe readdir(directory) != nil { count += 1 }
        return Double(max(0, count))
    }

    private static func text(_ path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }
}
