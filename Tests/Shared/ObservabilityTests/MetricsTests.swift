import Observability
import Testing

@Suite struct MetricsTests {
    @Test func `a registry is written as Prometheus reads it`() {
        let metrics = Metrics()
        metrics.counter("praxis_requests_total", "Requests\nanswered.", ["route": "/a\"b\\"]).add(3)
        metrics.gauge("praxis_open", "Open connections.").set(2.5)
        let times = metrics.histogram("praxis_seconds", "Time.", ["route": "x"], bounds: [0.1, 1])
        times.observe(0.1)
        times.observe(Duration.milliseconds(500))
        times.observe(7)
        metrics.gauge("praxis_read", "Read.") { .infinity }
        #expect(
            Exposition.text(of: metrics) == #"""
                # HELP praxis_open Open connections.
                # TYPE praxis_open gauge
                praxis_open 2.5
                # HELP praxis_read Read.
                # TYPE praxis_read gauge
                praxis_read +Inf
                # HELP praxis_requests_total Requests\nanswered.
                # TYPE praxis_requests_total counter
                praxis_requests_total{route="/a\"b\\"} 3
                # HELP praxis_seconds Time.
                # TYPE praxis_seconds histogram
                praxis_seconds_bucket{route="x",le="0.1"} 1
                praxis_seconds_bucket{route="x",le="1"} 2
                praxis_seconds_bucket{route="x",le="+Inf"} 3
                praxis_seconds_sum{route="x"} 7.6
                praxis_seconds_count{route="x"} 3

                """#)
    }

    @Test func `one name with the same labels is one handle`() {
        let metrics = Metrics()
        metrics.counter("a_total", "A.", ["k": "1"]).add()
        metrics.counter("a_total", "A.", ["k": "1"]).add()
        metrics.counter("a_total", "A.", ["k": "2"]).add()
        #expect(metrics.counter("a_total", "A.", ["k": "1"]).value == 2)
    }

    @Test func `no input can grow the registry without end`() {
        let metrics = Metrics()
        for index in 0..<5000 { metrics.counter("b_total", "B.", ["k": String(index)]).add() }
        #expect(Exposition.text(of: metrics).split(separator: "\n").count <= 1003)
        #expect(metrics.counter("b_total", "B.", ["k": "overflow"]).value == 4000)
    }

    @Test func `many threads lose no count`() async {
        let metrics = Metrics()
        let counter = metrics.counter("c_total", "C.")
        let gauge = metrics.gauge("c_sum", "C.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.add()
                        gauge.add(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        #expect(gauge.value == 20_000)
    }

    @Test func `a lock lets one in at a time`() async {
        let lock = Lock(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<10_000 { lock.withLock { $0 += 1 } } } }
        }
        #expect(lock.withLock { $0 } == 40_000)
    }
}
