import API
package import Chassis
import JSON
package import Kernel
package import NotifierDomain

/// Asks registry what messages about providers and hospitals say.
package struct RegistryContent: ContentSource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func content(
        of kind: MessageKind, for recipient: ID<Account>, about subject: ID<MessageSubject>?, at _: Instant?
    ) async throws -> ContentAnswer {
        // A message of a release that did not note whom it is about.
        guard let subject else { return .notWanted(code: "no_subject") }
        return kind == .providerReview ? try await provider(subject) : try await hospital(subject, kind)
    }

    private func provider(_ account: ID<MessageSubject>) async throws -> ContentAnswer {
        let answer = try await calls.ask(RegistryAPI.pendingProvider.declaration, path: [account.description])
        guard let provider = PendingProviderView(answer) else { throw Self.misunderstood }
        guard provider.status == .pending else { return .notWanted(code: "already_decided") }
        return .content(
            MessageContent(values: [
                "provider": MessageTemplates.shownDoctor(provider.name), "specialty": provider.specialization.label,
                "license": provider.licenseNumber,
                "path": RegistryAPI.reviewProvider.declaration.path.filled([provider.id.description]),
            ]))
    }

    private func hospital(_ id: ID<MessageSubject>, _ kind: MessageKind) async throws -> ContentAnswer {
        let answer = try await calls.ask(RegistryAPI.hospitalMessage.declaration, path: [id.description])
        guard let hospital = HospitalMessageView(answer) else { throw Self.misunderstood }
        guard Self.isWanted(kind, of: hospital) else { return .notWanted(code: "already_decided") }
        var values = [
            "hospital": MessageTemplates.shownHospital(hospital.name),
            "city": MessageTemplates.shownHospital(hospital.city),
            "license": hospital.licenseNumber,
            "approve": RegistryAPI.approveHospital.declaration.path.filled([id.description]),
            "reject": RegistryAPI.rejectHospital.declaration.path.filled([id.description]),
        ]
        values["reason"] = hospital.rejectionReason
        return .content(MessageContent(values: values))
    }

    /// What was decided again before the mail was written has a mail of its own.
    private static func isWanted(_ kind: MessageKind, of hospital: HospitalMessageView) -> Bool {
        switch kind {
        case .hospitalReview: hospital.status == .pending
        case .hospitalApproved: hospital.status == .approved
        case .hospitalRejected: hospital.status == .rejected
        default: true
        }
    }

    private static let misunderstood = Problem(.badGateway, "The answer of another service was not understood.")
}
