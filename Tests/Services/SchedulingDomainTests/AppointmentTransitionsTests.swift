import Kernel
import SchedulingDomain
import Testing

@Suite struct AppointmentTransitionsTests {
    private typealias Table = [AppointmentStatus: Set<AppointmentStatus>]

    private static let hospital: Table = [
        .requested: [.confirmed, .rejected, .cancelled],
        .confirmed: [.checkedIn, .completed, .cancelled, .noShow],
        .checkedIn: [.confirmed, .completed, .cancelled],
        .noShow: [.checkedIn],
    ]
    private static let doctor: Table = [
        .requested: [.cancelled], .confirmed: [.checkedIn, .completed, .cancelled, .noShow],
        .checkedIn: [.confirmed, .completed, .cancelled], .noShow: [.checkedIn],
    ]
    private static let patient: Table = [.requested: [.cancelled], .confirmed: [.cancelled]]

    @Test(arguments: AppointmentTransitions.Actor.allCases, AppointmentStatus.allCases)
    func `every step is allowed to whom the table says, and to nobody else`(
        actor: AppointmentTransitions.Actor, from: AppointmentStatus
    ) {
        let table =
            switch actor {
            case .hospital: Self.hospital
            case .doctor: Self.doctor
            case .patient: Self.patient
            }
        let expected = table[from] ?? []
        #expect(Set(AppointmentTransitions.allowed(from: from, by: actor, hasDoctor: true)) == expected)
        for wanted in AppointmentStatus.allCases {
            let problem = problem(from, wanted, actor)
            if expected.contains(wanted) {
                #expect(problem == nil)
            } else if table.values.contains(where: { $0.contains(wanted) }) || wanted == .requested {
                #expect(problem?.code == .illegalTransition)
            } else {
                #expect(problem?.code == .forbidden)
            }
        }
    }

    @Test func `a refused step names those that are allowed, in the words and in details`() {
        let problem = problem(.confirmed, .rejected, .hospital)
        #expect(problem?.details["allowed"] == .texts(["CHECKED_IN", "COMPLETED", "CANCELLED", "NO_SHOW"]))
        #expect(
            problem?.message
                == "A CONFIRMED appointment cannot become REJECTED; allowed: CHECKED_IN, COMPLETED, CANCELLED, NO_SHOW."
        )
        let ended = self.problem(.cancelled, .cancelled, .patient)
        #expect(ended?.details["allowed"] == .texts([]))
        #expect(ended?.message == "A CANCELLED appointment cannot become CANCELLED; allowed: nothing.")
    }

    @Test func `nothing is confirmed without a doctor`() {
        #expect(
            AppointmentTransitions.allowed(from: .requested, by: .hospital, hasDoctor: false) == [
                .rejected, .cancelled,
            ])
    }

    private func problem(
        _ from: AppointmentStatus, _ wanted: AppointmentStatus, _ actor: AppointmentTransitions.Actor
    ) -> Problem? {
        do throws(Problem) {
            try AppointmentTransitions.check(from: from, to: wanted, by: actor, hasDoctor: true)
            return nil
        } catch {
            return error
        }
    }
}
