package import NotifierDomain

/// A way to send text messages.
package protocol Texter: Sendable {
    /// Never throws: what went wrong is an outcome like the others.
    func send(_ message: TextMessage) async -> Outcome
}
