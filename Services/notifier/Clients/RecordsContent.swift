import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks records what its messages say: the code, or who wrote or reads, and where.
package struct RecordsContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at _: Instant?
    ) async throws -> ContentAnswer {
        guard let subject else { return .notWanted(code: "no_subject") }
        switch kind {
        case .accessCode: return try await code(subject)
        case .prescriptionCreated, .prescriptionRevised: return try await prescription(subject)
        default: return try await grant(subject)
        }
    }

    private func code(_ id: ID<MessageSubject>) async throws -> ContentAnswer {
        let answer: JSONValue
        do throws(Problem) {
            answer = try await calls.ask(AccessCodesAPI.mint.declaration, path: [id.description])
        } catch {
            // Asked for anew, used or expired since.
            if error.code == .notFound { return .notWanted(code: "overtaken") }
            throw error
        }
        guard let code = answer["code"]?.string, case .integer(let minutes)? = answer["minutes"] else {
            throw Self.misunderstood
        }
        return .content(MessageContent(values: ["code": code, "minutes": String(minutes)]))
    }

    private func grant(_ id: ID<MessageSubject>) async throws -> ContentAnswer {
        let answer = try await calls.ask(GrantsAPI.message.declaration, path: [id.description])
        return .content(
            MessageContent(values: [
                "doctor": answer["doctor_name"]?.string.map { MessageTemplates.shownDoctor($0) } ?? "a doctor",
                "hospital": answer["hospital_name"]?.string.map { MessageTemplates.shownHospital($0) } ?? "none",
            ]))
    }

    private func prescription(_ id: ID<MessageSubject>) async throws -> ContentAnswer {
        let answer = try await calls.ask(PrescriptionsAPI.message.declaration, path: [id.description])
        guard let doctor = answer["doctor_name"]?.string else { throw Self.misunderstood }
        let place = answer["hospital_name"]?.string.map { " at \(MessageTemplates.shownHospital($0))" } ?? ""
        return .content(MessageContent(values: ["doctor": MessageTemplates.shownDoctor(doctor), "place": place]))
    }

    private static let misunderstood = Problem(.badGateway, "The answer of another service was not understood.")
}
