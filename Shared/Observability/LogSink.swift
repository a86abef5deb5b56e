import Glibc
package import Kernel
import Synchronization

/// Where log lines go: one write per line, at most 4 KiB. A line that would have to wait (a full pipe) is dropped; the
/// next one says how many.
package final class LogSink: Sendable {
    /// The running task's sink.
    package static var current: LogSink { override ?? process }
    /// Gives the lines of one task tree to a test.
    @TaskLocal package static var override: LogSink?
    private static let process = LogSink()

    private struct Manner {
        var service: String
        var format: LogFormat
    }

    private let manner: Lock<Manner>
    private let leastRank: Atomic<Int>
    private let dropped = Atomic<Int>(0)
    private let clock: any WallClock
    private let emit: @Sendable ([UInt8]) -> Bool

    /// A sink that hands each whole line, newline included, to `emit`; `emit` answers false when it could not take it.
    package init(
        service: String, level: LogLevel = .debug, format: LogFormat = .json,
        clock: any WallClock = SystemClock(), emit: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        manner = Lock(Manner(service: service, format: format))
        leastRank = Atomic(level.rank)
        self.clock = clock
        self.emit = emit
    }

    /// The process's own, as it is until `configure` was called: the level and format the environment asks for, on
    /// stderr.
    private convenience init() {
        let asked = Self.environment("LOG_FORMAT").flatMap { LogFormat(rawValue: $0.lowercased()) }
        self.init(
            service: Self.environment("SERVICE_NAME") ?? "praxis",
            level: Self.environment("LOG_LEVEL").flatMap { LogLevel($0) } ?? .info,
            format: asked ?? (isatty(STDERR_FILENO) == 1 ? .text : .json),
            emit: Self.standardError)
    }

    /// Names the process and, where given, changes level and format. Called once by the chassis at start.
    package static func configure(service: String, level: LogLevel? = nil, format: LogFormat? = nil) {
        if let level { process.leastRank.store(level.rank, ordering: .relaxed) }
        process.manner.withLock {
            $0.service = service
            if let format { $0.format = format }
        }
    }

    /// Whether a line of that level would be written.
    package func takes(_ level: LogLevel) -> Bool { level.rank >= leastRank.load(ordering: .relaxed) }

    func write(_ level: LogLevel, _ sentence: StaticString, _ values: KeyValuePairs<StaticString, any LogValue>) {
        guard takes(level) else { return }
        let (service, format) = manner.withLock { ($0.service, $0.format) }
        var line = LogLine(format)
        line.head(time: clock.now.rfc3339, level: level, service: service, sentence: sentence)
        if let context = TaskContext.current {
            line.pair("request_id", .text(context.requestID))
            line.pair("trace_id", .text(context.trace.traceID))
        }
        let missed = dropped.exchange(0, ordering: .relaxed)
        if missed > 0 { line.pair("lines_dropped", .integer(Int64(missed))) }
        for (key, value) in values { line.pair(key.description, value.logged) }
        line.end()
        if !emit(line.bytes) { dropped.add(missed + 1, ordering: .relaxed) }
    }

    private static let standardError: @Sendable ([UInt8]) -> Bool = { line in
        var ready = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return false }
        return unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) } == line.count
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
