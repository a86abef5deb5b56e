import Identity
import Testing

struct HashQueueTests {
    private let second: Duration = .seconds(1)

    @Test func `as many begin as there are threads, and the rest have their turn in order`() {
        var queue = HashQueue(width: 2, limit: 10, cost: .milliseconds(100))
        let entries = (0..<4).map { _ in queue.enter(remaining: .seconds(8)) }
        #expect(entries == [.begin, .begin, .wait, .wait])
        #expect([queue.leave(), queue.leave(), queue.leave(), queue.leave()] == [true, true, false, false])
        #expect(queue.enter(remaining: .seconds(8)) == .begin)
    }

    @Test func `whoever would come too late is refused at once, and told when to come back`() {
        var queue = HashQueue(width: 2, limit: 1000, cost: second)
        let entries = (0..<100).map { _ in queue.enter(remaining: .milliseconds(8000)) }
        // Seven rounds of one second fit into eight, beside what is left for the answer.
        #expect(entries.prefix(14).allSatisfy { $0 == .begin || $0 == .wait })
        #expect(entries.dropFirst(14).allSatisfy { $0 == .refused(retryAfter: .seconds(7)) })
        #expect(queue.enter(remaining: .seconds(60)) == .wait)
    }

    @Test func `a full queue refuses, and so does one whose caller has no time left`() {
        var queue = HashQueue(width: 1, limit: 1, cost: .milliseconds(10))
        #expect(queue.enter(remaining: .milliseconds(100)) == .refused(retryAfter: second))
        #expect(
            (0..<3).map { _ in queue.enter(remaining: .seconds(8)) } == [.begin, .wait, .refused(retryAfter: second)])
    }

    @Test func `what hashes take is learnt from those that were done`() {
        var queue = HashQueue(width: 1, limit: 100, cost: .milliseconds(10))
        for _ in 0..<40 { queue.note(.seconds(5)) }
        #expect(queue.cost > .milliseconds(4900))
        #expect(queue.enter(remaining: .seconds(8)) == .begin)
        #expect(queue.enter(remaining: .seconds(8)) != .wait)
        #expect(!queue.isInTime(remaining: .seconds(5)) && queue.isInTime(remaining: .seconds(6)))
    }
}
