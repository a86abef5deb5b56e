import Kernel
import RecordsDomain
import Testing

/// The decision table of docs/adr/0048, written down as a table and compared cell by cell with the rules.
struct RecordAccessRulesTests {
    /// A row: an action, and what each column answers. `-` is forbidden, `?` not found, `+` a missing grant by code or
    /// broken glass, `*` by code alone; anything else the right by which it is allowed.
    static let table: [(RecordAction, String)] = [
        (.readReports, "self ? otp_grant break_glass appointment author + - admin -"),
        (.uploadReport, "self ? otp_grant * appointment * * - - -"),
        (.deleteReport, "self ? otp_grant * appointment * * - - -"),
        (.readSummary, "self ? otp_grant break_glass + + + - - -"),
        (.readPrescriptions, "self ? otp_grant break_glass appointment author + hospital admin -"),
        (.prescribe, "- - otp_grant break_glass appointment + + - - -"),
        (.revise, "- - - - - author - - - -"),
        (.readHealth, "self ? otp_grant break_glass appointment + + - - -"),
        (.writeHealth, "self ? otp_grant * appointment * * - - -"),
        (.readAccessLog, "self ? - - - - - - admin -"),
        (.manageGrants, "self ? - - - - - - - -"),
        (.breakGlass, "- - break_glass break_glass break_glass break_glass break_glass - - -"),
    ]

    static let columns: [AccessFacts] = [
        AccessFacts(role: .patient, isOwn: true), AccessFacts(role: .patient),
        AccessFacts(role: .doctor, grants: [.otp]), AccessFacts(role: .doctor, grants: [.breakGlass]),
        AccessFacts(role: .doctor, hasAppointment: true), AccessFacts(role: .doctor, isAuthor: true),
        AccessFacts(role: .doctor), AccessFacts(role: .hospital, isOfHospital: true), AccessFacts(role: .admin),
        AccessFacts(role: .staff),
    ]

    @Test func `the table has a row for each action`() {
        #expect(Set(Self.table.map(\.0)) == Set(RecordAction.allCases))
    }

    @Test(arguments: table.map(\.0))
    func `each cell of the table is what the rules decide`(action: RecordAction) throws {
        let row = try #require(Self.table.first { $0.0 == action }?.1)
        let cells = row.split(separator: " ").map(String.init)
        try #require(cells.count == Self.columns.count)
        for (facts, cell) in zip(Self.columns, cells) {
            #expect(action.decision(facts) == Self.decision(cell), "\(action) \(facts)")
        }
    }

    @Test func `another hospital's prescription is not there`() {
        #expect(RecordAction.readPrescriptions.decision(AccessFacts(role: .hospital)) == .notFound)
    }

    @Test func `a right that the patient gave is named before one that was taken`() {
        let both = AccessFacts(role: .doctor, grants: [.otp, .breakGlass], hasAppointment: true)
        #expect(RecordAction.readReports.decision(both) == .allowed(.otpGrant))
        let visit = AccessFacts(role: .doctor, grants: [.breakGlass], hasAppointment: true)
        #expect(RecordAction.uploadReport.decision(visit) == .allowed(.appointment))
    }

    @Test func `a grant is named before a visit and before authorship, which show less`() {
        let visit = AccessFacts(role: .doctor, grants: [.breakGlass], hasAppointment: true)
        let author = AccessFacts(role: .doctor, grants: [.breakGlass], isAuthor: true)
        for facts in [visit, author] {
            #expect(RecordAction.readPrescriptions.decision(facts) == .allowed(.breakGlass))
            #expect(RecordAction.readPrescriptions.isDecided(without: facts))
        }
        #expect(RecordAction.prescribe.decision(visit) == .allowed(.breakGlass))
        #expect(!RecordAction.uploadReport.isDecided(without: visit))
    }

    @Test(arguments: AppointmentStatus.allCases)
    func `a visit opens records while it lasts and thirty days after`(status: AppointmentStatus) {
        let now = Instant(seconds: 1_800_000_000)
        let days: (Int64) -> Instant = { now - .seconds($0 * 86_400) }
        let isCurrent = status == .confirmed || status == .checkedIn
        #expect(CurrentAppointment.opens(status, since: days(29), at: now) == (isCurrent || status == .completed))
        #expect(CurrentAppointment.opens(status, since: days(30), at: now) == isCurrent)
    }

    private static func decision(_ cell: String) -> AccessDecision? {
        switch cell {
        case "-": .forbidden
        case "?": .notFound
        case "+": .accessRequired([.otp, .breakGlass])
        case "*": .accessRequired([.otp])
        default: AccessBasis(rawValue: cell).map { .allowed($0) }
        }
    }
}
