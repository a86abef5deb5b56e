package import NotifierDomain

/// A way to send mail.
package protocol Mailer: Sendable {
    /// Never throws: what went wrong is an outcome like the others.
    func send(_ mail: Mail) async -> Outcome
}
