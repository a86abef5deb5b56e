// Events: what services publish after a commit, each event declared once (IdentityEvents, RegistryEvents).
// Events hold ids and states, never a name, a number or a diagnosis; whoever needs more asks the owner. How they
// travel is Messaging's.

package import JSON

/// Something that happened: `Event.accountRegistered(AccountFact(…))`. Made by an event type alone, so that its name,
/// its subject and its data are what the type declares.
package struct Event: Sendable, Equatable {
    /// The service that publishes it; its stream has this name.
    package let source: String
    /// The name on the wire, with its version: `identity.account_registered.v1`.
    package let name: String
    /// The id of what it is about; events of one subject arrive in the order they were committed.
    package let subject: String
    /// What kind of thing the subject is: `account`.
    package let subjectKind: String
    /// Its data, the subject's id included.
    package let data: JSONValue
    /// The services that keep a copy of what it tells.
    package let copiedBy: [String]
    /// What the audit trail calls it; nil when it leaves no entry of its own.
    package let auditAction: String?

    /// What the audit trail says it was done to: `account/<id>`.
    package var auditSubject: String { "\(subjectKind)/\(subject)" }

    init<Fact>(_ type: EventType<Fact>, _ fact: Fact) {
        source = type.source
        name = type.name
        subject = type.shape.subject(fact)
        subjectKind = type.shape.subjectKind
        data = type.shape.write(fact)
        copiedBy = type.copiedBy
        auditAction = type.auditAction
    }
}
