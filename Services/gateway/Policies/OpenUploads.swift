import GatewayDomain
import Lifecycle

/// How many bodies too large to be held here are on their way at the same time, by caller: each keeps a connection to a
/// service for as long as its sender takes.
package final class OpenUploads: Sendable {
    /// More than any browser opens connections to one host.
    package static let perCaller = 16

    private let open = Locked<[RateKey: Int]>([:])

    package init() {}

    /// Runs `body` as one more of the caller's; nil, and it is not run, when there are too many.
    func run<T: Sendable>(of caller: RateKey, _ body: () async -> T) async -> T? {
        let isAllowed = open.withLock { open in
            let count = open[caller, default: 0]
            guard count < Self.perCaller else { return false }
            open[caller] = count + 1
            return true
        }
        guard isAllowed else { return nil }
        defer { open.withLock { $0[caller] = $0[caller].flatMap { $0 > 1 ? $0 - 1 : nil } } }
        return await body()
    }
}
