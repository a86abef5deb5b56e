import Lifecycle
import Testing

@testable import Messaging

struct RepairBrakeTests {
    private func at(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }
    private func id(_ milliseconds: Int64) -> StreamID { StreamID(milliseconds: milliseconds, sequence: 0) }

    /// A relay whose server was repaired once and then held all up to 20.
    private func repaired() -> RepairBrake {
        var brake = RepairBrake()
        #expect(brake.lost(server: "a", end: .zero, sent: id(10), at: at(0)) == .repair)
        brake.added(upTo: id(20))
        return brake
    }

    @Test func `what another relay sends elsewhere is repaired once and then refused`() {
        var brake = repaired()
        #expect(brake.lost(server: "a", end: id(20), sent: id(30), at: at(1)) == .refuse(after: .seconds(10)))
        #expect(brake.lost(server: "a", end: id(20), sent: id(40), at: at(10)) == .wait)
    }

    @Test func `it is tried again ever more seldom, at least once a minute`() {
        var brake = repaired()
        var now: Int64 = 0
        var pauses: [Int64] = []
        for round in 1...11 {
            let end = Int64(round * 20)
            guard case .refuse(let after) = brake.lost(server: "a", end: id(end), sent: id(end + 10), at: at(now))
            else {
                Issue.record("round \(round) is not refused")
                return
            }
            pauses.append(after.components.seconds)
            now += after.components.seconds
            #expect(brake.lost(server: "a", end: id(end), sent: id(end + 10), at: at(now - 1)) == .wait)
            #expect(brake.lost(server: "a", end: id(end), sent: id(end + 10), at: at(now)) == .repair)
            brake.added(upTo: id(end + 20))
        }
        #expect(pauses == [10, 20, 40, 60, 60, 60, 60, 60, 60, 60, 60])
    }

    @Test func `a repair in several steps goes on, and not when others send meanwhile`() {
        var brake = RepairBrake()
        for sent in [90, 60, 30] as [Int64] {
            #expect(brake.lost(server: "a", end: .zero, sent: id(sent), at: at(0)) == .repair)
        }
        #expect(brake.lost(server: "a", end: .zero, sent: id(100), at: at(0)) == .refuse(after: .seconds(10)))
    }

    @Test func `a repair in several steps does not make the pauses short again`() {
        var brake = repaired()
        #expect(brake.lost(server: "a", end: id(20), sent: id(30), at: at(0)) == .refuse(after: .seconds(10)))
        for sent in [30, 25] as [Int64] {
            #expect(brake.lost(server: "a", end: id(20), sent: id(sent), at: at(10)) == .repair)
        }
        brake.added(upTo: id(40))
        #expect(brake.lost(server: "a", end: id(40), sent: id(50), at: at(11)) == .refuse(after: .seconds(20)))
    }

    @Test func `a server that was started anew or emptied has lost something and is repaired at once`() {
        var brake = repaired()
        #expect(brake.lost(server: "b", end: id(20), sent: id(30), at: at(1)) == .repair)
        brake.added(upTo: id(40))
        #expect(brake.lost(server: "b", end: .zero, sent: id(40), at: at(2)) == .repair)
        brake.added(upTo: id(50))
        #expect(brake.lost(server: "b", end: id(49), sent: id(50), at: at(2)) == .repair)
    }

    @Test func `a server that tells nothing of itself is always repaired`() {
        var brake = RepairBrake()
        for round in 1...5 as ClosedRange<Int64> {
            #expect(brake.lost(server: "", end: id(round * 10), sent: id(round * 10 + 5), at: at(round)) == .repair)
            brake.added(upTo: id(round * 10 + 7))
        }
    }

    @Test func `once its server has all again, nothing is refused any more`() {
        var brake = repaired()
        #expect(brake.lost(server: "a", end: id(20), sent: id(30), at: at(1)) == .refuse(after: .seconds(10)))
        brake.added(upTo: id(40))
        #expect(brake.lost(server: "b", end: .zero, sent: id(40), at: at(2)) == .repair)
    }
}
