import Kernel
import SchedulingDomain
import Testing

@Suite struct QueueTests {
    @Test func `every status leads on, and a call, a service and an absence lead back`() {
        for status in QueueStatus.allCases {
            let allowed = QueueSteps.allowed(from: status)
            #expect(!allowed.isEmpty && !allowed.contains(status))
        }
        let back: [(QueueStatus, QueueStatus)] = [
            (.called, .waiting), (.inService, .called), (.done, .inService), (.skipped, .waiting), (.left, .waiting),
        ]
        for (from, to) in back { #expect(throws: Never.self) { try QueueSteps.check(from: from, to: to) } }
    }

    @Test func `a refused step names those that are allowed`() {
        let problem = #expect(throws: Problem.self) { try QueueSteps.check(from: .waiting, to: .done) }
        #expect(problem?.code == .illegalTransition)
        #expect(problem?.details["allowed"] == .texts(["CALLED", "IN_SERVICE", "SKIPPED", "LEFT"]))
    }

    @Test func `before three visits are over, each takes a slot`() {
        #expect(QueueWait.minutes(ahead: 3, serviceMinutes: [5, 5], slotMinutes: 20) == 60)
        #expect(QueueWait.minutes(ahead: 0, serviceMinutes: [], slotMinutes: 20) == 0)
    }

    @Test func `then each takes the median of those that were`() {
        #expect(QueueWait.minutes(ahead: 2, serviceMinutes: [5, 90, 10], slotMinutes: 20) == 20)
        #expect(QueueWait.minutes(ahead: 1, serviceMinutes: [4, 6, 10, 11], slotMinutes: 20) == 8)
        #expect(QueueWait.minutes(ahead: 1, serviceMinutes: [1, 2, 5, 9], slotMinutes: 20) == 4)
    }

    @Test func `a service that goes on after a mistake has not begun anew`() {
        let start = Instant(seconds: 1_800_000_000)
        let waiting = QueueNumber(
            id: ID(high: 1, low: 1), doctor: ID(high: 2, low: 1), hospital: ID(high: 3, low: 1), day: start.date,
            number: 1, appointment: nil, patient: nil, patientAccount: nil, status: .waiting, issuedAt: start,
            calledAt: nil, servedAt: nil, doneAt: nil)
        let served = waiting.changed(to: .inService, at: start + .seconds(60))
        let done = served.changed(to: .done, at: start + .seconds(120))
        let again = done.changed(to: .inService, at: start + .seconds(180))
        #expect(again.servedAt == start + .seconds(60) && again.doneAt == nil)
        #expect(again.changed(to: .done, at: start + .seconds(600)).doneAt == start + .seconds(600))
        let back = served.changed(to: .called, at: start + .seconds(90))
        #expect(back.servedAt == nil && back.calledAt == start + .seconds(90))
    }
}
