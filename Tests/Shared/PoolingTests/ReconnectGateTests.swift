import Lifecycle
import Pooling
import Testing

struct ReconnectGateTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }

    @Test func `while a server is reached everybody is let in`() {
        let gate = ReconnectGate()
        for _ in 0..<10 { #expect(gate.enter(at: at(0))) }
        gate.succeeded()
        #expect(gate.enter(at: at(0)))
    }

    @Test func `after a failure one is let in at a time, after pauses that grow to the cap and differ`() {
        let gate = ReconnectGate(backoff: Backoff(base: .milliseconds(100), cap: .milliseconds(400)))
        gate.failed(at: at(0), random: 0)
        #expect(!gate.enter(at: at(49)))
        #expect(gate.enter(at: at(50)))
        #expect(!gate.enter(at: at(60)))
        gate.failed(at: at(100), random: 0.5)
        #expect(!gate.enter(at: at(249)))
        #expect(gate.enter(at: at(250)))
        gate.failed(at: at(250), random: 0)
        gate.failed(at: at(250), random: 0)
        #expect(!gate.enter(at: at(449)))
        #expect(gate.enter(at: at(450)))
        gate.succeeded()
        #expect(gate.enter(at: at(450)) && gate.enter(at: at(450)))
    }

    @Test func `one that never says how it ended does not keep others out for ever`() {
        let gate = ReconnectGate(timeout: .seconds(2))
        gate.failed(at: at(0), random: 0)
        #expect(gate.enter(at: at(1000)))
        #expect(!gate.enter(at: at(2999)))
        #expect(gate.enter(at: at(3000)))
    }
}
