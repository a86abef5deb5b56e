/// A service that publishes events, with all of them. A test compares the list with the declarations.
package struct EventSource: Sendable {
    /// The service's name, and that of its stream.
    package let name: String
    package let events: [any EventDeclaration]

    /// All services that publish events.
    package static let all = [identity, registry, scheduling, records]
}
