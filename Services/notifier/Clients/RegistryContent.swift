import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks registry what an administrator must know to decide about a provider.
package struct RegistryContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?
    ) async throws -> ContentAnswer {
        // A message of a release that did not note whom it is about.
        guard kind == .providerReview, let subject else { return .notWanted(code: "no_subject") }
        let answer = try await calls.ask(RegistryAPI.pendingProvider.declaration, path: [subject.description])
        guard let provider = PendingProviderView(answer) else {
            throw Problem(.badGateway, "The answer of another service was not understood.")
        }
        guard provider.status == .pending else { return .notWanted(code: "already_decided") }
        return .content(
            MessageContent(values: [
                "provider": MessageTemplates.shown(provider.name) ?? "(a name that could be a link)",
                "specialty": provider.specialization.label, "license": provider.licenseNumber,
                "path": RegistryAPI.reviewProvider.declaration.path.filled([provider.id.description]),
            ]))
    }
}
