import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks scheduling what a message about a visit says: hospital, doctor and time.
package struct SchedulingContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?
    ) async throws -> ContentAnswer {
        guard let told = kind.told, let subject else { return .notWanted(code: "no_subject") }
        let answer: JSONValue
        do throws(Problem) {
            answer = try await calls.ask(
                AppointmentsAPI.message.declaration, path: [subject.description],
                query: [(name: "kind", value: told.rawValue)])
        } catch {
            // Cancelled, moved on, or gone since: nothing is left to tell.
            if error.code == .notFound { return .notWanted(code: "overtaken") }
            throw error
        }
        guard let hospital = answer["hospital_name"]?.string, let time = answer["time"]?.string else {
            throw Problem(.badGateway, "The answer of another service was not understood.")
        }
        let doctor = answer["doctor_name"]?.string ?? "a doctor still to be named"
        return .content(MessageContent(values: ["hospital": hospital, "doctor": doctor, "when": time]))
    }
}

extension MessageKind {
    /// What a message about a visit tells; nil for any other.
    fileprivate var told: AppointmentMessageQuery.Kind? {
        switch self {
        case .appointmentRequested: .requested
        case .appointmentConfirmed: .confirmed
        case .appointmentRejected: .rejected
        case .appointmentCancelled: .cancelled
        case .appointmentRescheduled: .rescheduled
        case .appointmentReassigned: .reassigned
        default: nil
        }
    }
}
