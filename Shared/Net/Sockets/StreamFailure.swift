/// Why a byte stream can no longer be used.
package enum StreamFailure: Error, Equatable {
    /// Closed by this side.
    case closed
    case timedOut
    case cancelled
    /// The other side was found to answer nobody.
    case abandoned
    case socket(SocketError)
    case tls(String)
}
