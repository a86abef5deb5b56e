import Chassis
import Lifecycle
import Observability
import Postgres
import Testing

@Suite struct WaitingNoticeTests {
    @Test func `why a start waits is said at once, when it changes, and each minute`() {
        let lines = Locked<[String]>([])
        let sink = LogSink(service: "registry") { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            return true
        }
        let down = MigrationFault.unreachable(ConnectionFault(sqlState: nil, reason: "Connection refused"))
        let closed = MigrationFault.unreachable(ConnectionFault(sqlState: "28P01", reason: "the password is wrong"))
        LogSink.$override.withValue(sink) {
            let notice = WaitingNotice()
            for second in 0...59 { notice.report(down, of: "registry", at: at(second)) }
            notice.report(down, of: "registry", at: at(60))
            notice.report(closed, of: "registry", at: at(61))
        }
        let said = lines.withLock { $0 }
        #expect(said.count == 3)
        #expect(said.prefix(2).allSatisfy { $0.contains("Connection refused") && $0.contains(#""sqlstate":"none""#) })
        #expect(said.last?.contains("the password is wrong") == true && said.last?.contains("28P01") == true)
    }

    private func at(_ second: Int) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(second) * 1_000_000_000) }
}
