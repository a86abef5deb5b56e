import API
import Events
import IDNA
import Kernel
import NotifierDomain

/// Judges where a hook points to and what it asks for, when it is made and when that changes.
package struct HookCheck: Sendable {
    private let names: any HookNames
    private let allowsPrivate: Bool

    /// - Parameter allowsPrivate: `WEBHOOK_ALLOW_PRIVATE`.
    package init(names: any HookNames, allowsPrivate: Bool) {
        self.names = names
        self.allowsPrivate = allowsPrivate
    }

    /// The names of events that clients know.
    private static let known = Set(EventSource.all.flatMap(\.events).compactMap(\.outsideName))

    /// The address in its normal form, and the names; all faults at once.
    /// - Parameters:
    ///   - owner: whose hook it is.
    ///   - kept: the address it has already, which each try judges anyway: whoever turns a hook off is not held up by
    ///     where it leads.
    func accept(
        _ body: WebhookBody, of owner: ID<Account>, keeping kept: String? = nil
    ) async throws(Problem) -> (url: String, events: [String]) {
        var faults: [Problem.FieldFaults] = []
        let url = body.url == kept ? kept : await accept(body.url, of: owner, &faults)
        let events = body.events ?? ["*"]
        if events.isEmpty {
            faults.append(.init(field: "events", messages: ["Name at least one event, or leave it out for all."]))
        } else if !events.allSatisfy({ $0 == "*" || Self.known.contains($0) }) {
            faults.append(.init(field: "events", messages: ["Must be names of the catalogue of events, or *."]))
        }
        guard faults.isEmpty, let url else { throw .validation(faults) }
        return (url, events.contains("*") ? ["*"] : Array(Set(events)).sorted())
    }

    private func accept(
        _ text: String, of owner: ID<Account>, _ faults: inout [Problem.FieldFaults]
    ) async -> String? {
        do throws(HookURLFault) {
            let url = try HookURL(text, allowsPrivate: allowsPrivate, ascii: DomainName.ascii)
            // A name that does not resolve now is taken: each try asks again.
            if allowsPrivate { return url.text }
            guard await names.addresses(of: url, for: owner).allSatisfy(\.isPublic) else { throw .privateAddress }
            return url.text
        } catch {
            faults.append(.init(field: "url", messages: [error.rawValue]))
            return nil
        }
    }
}
