import Identity
import Lifecycle
import Testing

struct HashQueueTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

    private func at(_ milliseconds: Int) -> MonotonicTime { start.advanced(by: .milliseconds(milliseconds)) }
    private func by(_ milliseconds: Int) -> Deadline { Deadline(at(milliseconds)) }

    @Test func `as many begin as there are threads, and the rest have their turn in order`() {
        var queue = HashQueue(width: 2, limit: 10, cost: .milliseconds(100))
        let entries = (0..<4).map { _ in queue.enter(until: .never, at: start) }
        #expect(
            entries == [
                .begin(ticket: 1), .begin(ticket: 2), .wait(ticket: 3, atMost: .never),
                .wait(ticket: 4, atMost: .never),
            ])
        let woken = (1...4).map { queue.leave($0, at: at(100)) }
        #expect(woken == [[3], [4], [], []])
        #expect(queue.enter(until: .never, at: at(200)) == .begin(ticket: 5))
    }

    @Test func `whoever would come too late is refused at once, and told when to come back`() {
        var queue = HashQueue(width: 2, limit: 1000, cost: .milliseconds(500))
        let entries = (0..<100).map { _ in queue.enter(until: by(8000), at: start) }
        // A turn hardly takes more than a second, and a second is left after it: twelve halves before are in time.
        let end = by(6000)
        #expect(
            entries.prefix(26) == [.begin(ticket: 1), .begin(ticket: 2)]
                + (3...26).map { .wait(ticket: $0, atMost: end) })
        #expect(entries.dropFirst(26).allSatisfy { $0 == .refused(retryAfter: .milliseconds(6500)) })
        #expect(queue.enter(until: by(60_000), at: start) == .wait(ticket: 27, atMost: by(58_000)))
    }

    @Test func `a full queue refuses, and so does one whose caller has no time left`() {
        var queue = HashQueue(width: 1, limit: 1, cost: .milliseconds(10))
        #expect(queue.enter(until: by(1000), at: start) == .refused(retryAfter: .seconds(1)))
        #expect(queue.enter(until: by(8000), at: start) == .begin(ticket: 1))
        #expect(queue.enter(until: by(8000), at: start) == .wait(ticket: 2, atMost: by(6980)))
        #expect(queue.enter(until: by(8000), at: start) == .refused(retryAfter: .seconds(1)))
    }

    @Test func `logins under one name go one after the other and hold up no other`() {
        var queue = HashQueue(width: 3, limit: 10, cost: .milliseconds(100))
        let entries = ["a", "a", "b", "a", "b", "c"].map { queue.enter(as: $0, until: .never, at: start) }
        #expect(
            entries == [
                .begin(ticket: 1), .wait(ticket: 2, atMost: .never), .begin(ticket: 3),
                .wait(ticket: 4, atMost: .never),
                .wait(ticket: 5, atMost: .never), .begin(ticket: 6),
            ])
        #expect(queue.leave(3, at: at(100)) == [5])
        #expect(queue.leave(6, at: at(100)) == [])
        #expect(queue.enter(until: .never, at: at(100)) == .begin(ticket: 7))
        let woken = [1, 2, 4].map { queue.leave($0, at: at(200)) }
        #expect(woken == [[2], [4], []])
    }

    @Test func `whoever comes too late behind others of the same name is refused at once`() {
        var queue = HashQueue(width: 4, limit: 100, cost: .seconds(1))
        for _ in 0..<4 { _ = queue.enter(as: "a", until: by(9000), at: start) }
        #expect(queue.enter(as: "a", until: by(6000), at: start) == .refused(retryAfter: .seconds(4)))
        for ticket in 5...7 {
            #expect(queue.enter(as: "b\(ticket)", until: by(6000), at: start) == .begin(ticket: ticket))
        }
        // One of the four is free for it after one turn, however many of the other name wait.
        #expect(queue.enter(as: "e", until: by(6000), at: start) == .wait(ticket: 8, atMost: by(3000)))
    }

    @Test func `those who wait are refused as soon as turns turn out to take longer`() {
        var queue = HashQueue(width: 1, limit: 100, cost: .milliseconds(100))
        for _ in 0..<20 { _ = queue.enter(until: by(8000), at: start) }
        // The first took 1.5 s, so that another may take 2.95 s: who has not begun after 4.05 s is not answered by 8 s.
        let woken = queue.leave(1, at: at(1500))
        #expect(woken == [2] + Array(4...20))
        let verdicts = [2, 4].map { queue.begins($0) }
        #expect(verdicts == [true, false])
        #expect(queue.retryAfter == .seconds(3))
        #expect(queue.leave(2, at: at(3000)) == [3])
    }

    @Test func `nobody begins a turn that cannot be answered in time, now that it is known what a turn takes`() {
        var queue = HashQueue(width: 1, limit: 100, cost: .milliseconds(100))
        for deadline in [20_000, 5_000, 20_000] { _ = queue.enter(until: by(deadline), at: start) }
        // The turn took 3 s: one that begins now may be over after the second one's time.
        #expect(queue.leave(1, at: at(3000)) == [3, 2])
        let verdicts = [2, 3].map { queue.begins($0) }
        #expect(verdicts == [false, true])
    }

    @Test func `whoever stops waiting has no turn, and those behind come sooner`() {
        var queue = HashQueue(width: 1, limit: 100, cost: .milliseconds(100))
        for _ in 0..<3 { _ = queue.enter(until: by(8000), at: start) }
        let begins = queue.begins(2)
        #expect(!begins)
        #expect(queue.leave(1, at: at(100)) == [3])
    }

    @Test func `what a turn takes is learnt from those that were taken to their end, never so that all are refused`() {
        var queue = HashQueue(width: 1, limit: 100, cost: .milliseconds(10))
        for ticket in 1...40 {
            _ = queue.enter(until: .never, at: at(ticket * 1000))
            _ = queue.leave(ticket, at: at(ticket * 1000 + 800))
        }
        #expect(queue.cost.mean == .milliseconds(800))
        _ = queue.enter(until: .never, at: at(50_000))
        _ = queue.leave(41, isWhole: false, at: at(50_001))
        #expect(queue.cost.mean == .milliseconds(800))
        for ticket in 42...60 {
            _ = queue.enter(until: .never, at: at(ticket * 100_000))
            _ = queue.leave(ticket, at: at(ticket * 100_000 + 60_000))
        }
        #expect(queue.enter(until: by(10_008_000), at: at(10_000_000)) == .begin(ticket: 61))
    }
}
