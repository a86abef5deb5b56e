package import API
package import HTTP
package import Lifecycle

extension TimeLimit {
    /// When an answer to the request is no longer worth anything.
    /// - Parameter usual: what this process allows a request whose endpoint says nothing of it.
    package func deadline(of request: Request, default usual: Duration) -> Deadline {
        switch self {
        case .default: min(request.deadline, .after(usual, from: request.arrived))
        case .seconds(let seconds): .after(.seconds(seconds), from: request.arrived)
        case .unlimited: .never
        }
    }
}
