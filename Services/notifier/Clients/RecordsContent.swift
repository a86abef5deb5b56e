import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks records what a message about a prescription says: who wrote it, and where.
package struct RecordsContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at start: Instant?
    ) async throws -> ContentAnswer {
        guard let subject else { return .notWanted(code: "no_subject") }
        let answer = try await calls.ask(PrescriptionsAPI.message.declaration, path: [subject.description])
        guard let doctor = answer["doctor_name"]?.string else {
            throw Problem(.badGateway, "The answer of another service was not understood.")
        }
        let place = answer["hospital_name"]?.string.map { " at \($0)" } ?? ""
        return .content(MessageContent(values: ["doctor": doctor, "place": place]))
    }
}
