/// Why a byte stream can no longer be used.
package enum StreamFailure: Error, Equatable {
    /// Closed by this side.
    case closed
    case timedOut
    case cancelled
    case socket(SocketError)
    case tls(String)
}
