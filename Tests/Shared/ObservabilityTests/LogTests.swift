import Kernel
import Observability
import Testing

private struct Fixed: WallClock {
    let now: Instant
}

/// A sink that keeps its lines; `taking` says whether it takes them.
private final class Kept: Sendable {
    let lines = Lock<[String]>([])
    let taking = Lock(true)

    func sink(_ format: LogFormat = .json, level: LogLevel = .debug) -> LogSink {
        LogSink(
            service: "probe", level: level, format: format,
            clock: Fixed(now: Instant(microseconds: 1_709_208_000_000_045))
        ) { bytes in
            guard self.taking.withLock({ $0 }) else { return false }
            let text = String(decoding: bytes, as: UTF8.self)
            self.lines.withLock { $0.append(text) }
            return true
        }
    }

    var all: [String] { lines.withLock { [String]($0) } }
}

@Suite struct LogTests {
    private func lines(
        _ format: LogFormat = .json, level: LogLevel = .debug, _ body: () -> Void
    ) -> [String] {
        let kept = Kept()
        LogSink.$override.withValue(kept.sink(format, level: level), operation: body)
        return kept.all
    }

    @Test func `a line is JSON with its sentence and its values in order`() {
        let written = lines {
            log.info("slot taken", ["count": 3, "share": 0.5, "first": true, "room": "B 12", "none": String?.none])
        }
        #expect(
            written == [
                #"{"time":"2024-02-29T12:00:00.000045Z","level":"info","service":"probe","message":"slot taken","#
                    + #""count":3,"share":0.5,"first":true,"room":"B 12","none":null}"# + "\n"
            ])
    }

    @Test func `no value starts a line of its own`() {
        for format in LogFormat.allCases {
            let written = lines(format) {
                log.info("read", ["agent": "x\r\n{\"level\":\"error\"}\u{0}\u{1B}[31m\u{2028}\u{85}\u{202E}\\"])
            }
            #expect(written.count == 1)
            let line = written.first ?? ""
            #expect(line.unicodeScalars.filter { $0.value < 0x20 || $0.value == 0x85 || $0.value == 0x2028 } == ["\n"])
            #expect(line.contains(#"x\r\n{\"level\":\"error\"}\u0000\u001b[31m\u2028\u0085\u202e\\"#))
        }
    }

    @Test func `a secret is never written`() {
        let written = lines { log.info("read", ["key": Secret("hunter2")]) }
        #expect(written.first?.contains(#""key":"•••""#) == true)
        #expect(written.first?.contains("hunter2") == false)
    }

    @Test func `the running request's ids stand on the line`() throws {
        let trace = try #require(TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        let written = lines {
            TaskContext.$current.withValue(TaskContext(requestID: "r-1", trace: trace)) { log.warning("late") }
        }
        #expect(written.first?.contains(#""request_id":"r-1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736""#) == true)
    }

    @Test func `what is below the level is silent`() {
        let written = lines(level: .warning) {
            log.debug("a")
            log.info("b")
            log.warning("c")
            log.error("d")
        }
        #expect(written.count == 2)
    }

    @Test func `a line never grows past what a pipe takes whole, and says when it was cut`() {
        let long = String(repeating: "é", count: 10_000)
        let written = lines { log.info("long", ["a": long, "b": long, "c": long, "d": long, "e": long]) }
        let line = written.first ?? ""
        #expect(line.utf8.count <= 4096)
        #expect(line.contains("…"))
        #expect(line.hasSuffix(#","cut":true}"# + "\n"))
    }

    @Test func `lines that could not be written are counted on the next one`() {
        let kept = Kept()
        LogSink.$override.withValue(kept.sink()) {
            kept.taking.withLock { $0 = false }
            log.info("one")
            log.info("two")
            kept.taking.withLock { $0 = true }
            log.info("three")
            log.info("four")
        }
        #expect(kept.all.count == 2)
        #expect(kept.all.first?.contains(#""lines_dropped":2"#) == true)
        #expect(kept.all.last?.contains("lines_dropped") == false)
    }

    @Test func `text reads as a sentence with its values behind`() {
        let written = lines(.text) { log.error("gave up", ["tries": 3, "why": "no route"]) }
        #expect(written == ["2024-02-29T12:00:00.000045Z error   probe: gave up tries=3 why=\"no route\"\n"])
    }

    @Test(arguments: [("WARN", LogLevel.warning), ("debug", .debug), ("Critical", .error), ("notice", .info)])
    func `levels are understood as people write them`(text: String, level: LogLevel) {
        #expect(LogLevel(text) == level)
        #expect(LogLevel("loud") == nil)
    }

    @Test func `durations are milliseconds`() {
        #expect(Duration.microseconds(1_234_567).logged == .number(1234.567))
    }
}
