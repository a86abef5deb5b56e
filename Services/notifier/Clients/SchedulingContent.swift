import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks scheduling what messages about visits and offered times say: hospital, doctor and time.
package struct SchedulingContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer {
        // A message of a release that did not note what it is about can say nothing.
        guard let question = kind.question, let subject else { return .notWanted(code: "no_subject") }
        var query = [(name: "kind", value: question.kind)]
        // An earlier release did not note the start: its message is of the start that holds now.
        if let start { query.append((name: "start", value: start.rfc3339)) }
        if question.isForRecipient { query.append((name: "account_id", value: recipient.description)) }
        let answer = try await calls.ask(question.declaration, path: [subject.description], query: query)
        // Cancelled, moved or taken since.
        if answer == .null { return .notWanted(code: "overtaken") }
        return .content(try Self.content(answer, of: kind))
    }

    private static func content(_ answer: JSONValue, of kind: MessageKind) throws -> MessageContent {
        guard let hospital = answer["hospital_name"]?.string, let time = answer["time"]?.string else {
            throw misunderstood
        }
        var values = ["hospital": MessageTemplates.shownHospital(hospital), "when": time]
        let unknown = kind == .waitlistPassed ? "one of the hospital's doctors" : "a doctor still to be named"
        values["doctor"] = answer["doctor_name"]?.string.map { MessageTemplates.shownDoctor($0) } ?? unknown
        values["until"] = answer["until"]?.string
        return MessageContent(values: values, calendar: try calendar(answer["calendar"]))
    }

    private static func calendar(_ answer: JSONValue?) throws -> CalendarPartView? {
        guard let answer, answer != .null else { return nil }
        guard let method = answer["method"]?.string.flatMap({ CalendarPartView.Method(rawValue: $0) }),
            let text = answer["text"]?.string
        else { throw misunderstood }
        return CalendarPartView(method: method, text: text)
    }

    private static let misunderstood = Problem(.badGateway, "The answer of another service was not understood.")
}

/// How scheduling is asked about one kind of message.
private struct Question {
    let declaration: Declaration
    let kind: String
    /// Whether what is said depends on who is written to.
    let isForRecipient: Bool

    init(_ kind: AppointmentMessageQuery.Kind) {
        declaration = AppointmentsAPI.message.declaration
        self.kind = kind.rawValue
        isForRecipient = true
    }

    init(_ kind: WaitlistMessageQuery.Kind) {
        declaration = WaitlistAPI.message.declaration
        self.kind = kind.rawValue
        isForRecipient = false
    }
}

extension MessageKind {
    /// Nil for a kind that scheduling is not asked about.
    fileprivate var question: Question? {
        switch self {
        case .appointmentRequested: Question(.requested)
        case .appointmentConfirmed: Question(.confirmed)
        case .appointmentRejected: Question(.rejected)
        case .appointmentCancelled: Question(.cancelled)
        case .appointmentRescheduled: Question(.rescheduled)
        case .appointmentReassigned: Question(.reassigned)
        case .appointmentReminder: Question(.reminder)
        case .waitlistOffered: Question(.offered)
        case .waitlistPassed: Question(.passed)
        default: nil
        }
    }
}
