import Chassis
import Kernel
import Testing

private func at(_ seconds: Double) -> Instant {
    Instant(microseconds: 1_700_000_000_000_000 + Int64(seconds * 1_000_000))
}

@Suite struct CircuitBreakerTests {
    @Test func `ten failures open it, time half opens it, three successes close it`() {
        var breaker = CircuitBreaker(at: at(0))
        for _ in 0..<10 {
            #expect(breaker.ask(at: at(1)) == .pass)
            breaker.failed(at: at(1))
        }
        #expect(breaker.isOpen)
        #expect(breaker.ask(at: at(2)) == .refuse(until: at(3)))
        for _ in 0..<3 {
            #expect(breaker.ask(at: at(3.1)) == .pass)
            breaker.succeeded(at: at(3.1))
        }
        #expect(!breaker.isOpen)
        #expect(breaker.ask(at: at(3.2)) == .pass)
    }

    @Test func `a failed trial opens it again`() {
        var breaker = CircuitBreaker(at: at(0))
        for _ in 0..<10 { _ = breaker.ask(at: at(1)); breaker.failed(at: at(1)) }
        #expect(breaker.ask(at: at(3.1)) == .pass)
        breaker.failed(at: at(3.1))
        #expect(breaker.isOpen)
    }

    @Test func `ten failures among many successes leave it closed`() {
        var breaker = CircuitBreaker(at: at(0))
        for index in 0..<100 {
            _ = breaker.ask(at: at(1))
            if index % 10 == 0 { breaker.failed(at: at(1)) } else { breaker.succeeded(at: at(1)) }
        }
        #expect(!breaker.isOpen)
    }

    @Test func `retries are at most a fifth of the requests after the first few`() {
        var budget = RetryBudget()
        var retries = 0
        for _ in 0..<1000 { budget.earn(); if budget.spend() { retries += 1 } }
        #expect(retries <= 210)
    }
}
