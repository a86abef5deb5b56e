import Chassis
import Lifecycle
import Net
import Observability
import Testing

@Suite struct RefusedConnectionsTests {
    @Test func `each is counted, and each reason is said at once and again each minute`() {
        let lines = Locked<[String]>([])
        let sink = LogSink(service: "gateway") { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            return true
        }
        let metrics = Metrics()
        LogSink.$override.withValue(sink) {
            let refused = RefusedConnections(metrics)
            for second in 0...59 { refused.note(.address, at: at(second)) }
            refused.note(.process, at: at(59))
            refused.note(.address, at: at(60))
        }
        let said = lines.withLock { $0 }
        #expect(said.count == 3 && said.allSatisfy { $0.contains("connections are refused") })
        #expect(said.first?.contains("TRUSTED_PROXIES") == true && said.first?.contains(#""connections":1"#) == true)
        #expect(said.dropFirst().first?.contains("as many are open as may be") == true)
        #expect(said.last?.contains("TRUSTED_PROXIES") == true && said.last?.contains(#""connections":60"#) == true)
        let text = Exposition.text(of: metrics)
        #expect(text.contains(#"praxis_connections_refused_total{reason="address"} 61"#))
        #expect(text.contains(#"praxis_connections_refused_total{reason="process"} 1"#))
        #expect(text.contains(#"praxis_connections_refused_total{reason="system"} 0"#))
    }

    private func at(_ second: Int) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(second) * 1_000_000_000) }
}
