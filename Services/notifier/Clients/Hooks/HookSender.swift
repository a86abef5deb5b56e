package import Kernel
import Lifecycle
import Net
package import NotifierDomain
import Outbound

/// One event, ready to be posted.
package struct HookRequest: Sendable, Equatable {
    package let url: HookURL
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    package let fields: [String]
    package let body: String
    /// Whose hook it is.
    package let owner: ID<Account>

    package init(url: HookURL, fields: [String], body: String, owner: ID<Account>) {
        self.url = url
        self.fields = fields
        self.body = body
        self.owner = owner
    }
}

/// Whoever posts events.
package protocol HookSender: Sendable {
    /// Never throws: what went wrong is an outcome like the others.
    func post(_ request: HookRequest) async -> HookOutcome
}

/// Posts by libcurl, on threads of its own: to addresses that were looked up and judged right before, and to no other.
package struct HTTPHookSender: HookSender {
    /// From looking up the name to the status line.
    package static let timeout: Duration = .seconds(10)
    /// Tries at once, of all owners.
    package static let width = 32

    private let names: any HookNames
    private let allowsPrivate: Bool
    private let authorities: String?
    private let timeout: Duration
    private let pool = BlockingPool(name: "hooks", threads: Self.width, queue: Self.width)

    /// - Parameter authorities: a file of certificates that may vouch for receivers; nil for the system's.
    package init(
        names: any HookNames, allowsPrivate: Bool, authorities: String? = nil, timeout: Duration = Self.timeout
    ) {
        self.names = names
        self.allowsPrivate = allowsPrivate
        self.authorities = authorities
        self.timeout = timeout
    }

    package func post(_ request: HookRequest) async -> HookOutcome {
        let start = MonotonicTime.now
        let addresses = await names.addresses(of: request.url, for: request.owner)
        func failed(_ code: String) -> HookOutcome { .failed(code, milliseconds: Self.milliseconds(since: start)) }
        if addresses.isEmpty { return failed("unresolvable") }
        guard allowsPrivate || addresses.allSatisfy(\.isPublic) else { return failed("address_refused") }
        let left = timeout - start.duration(to: .now)
        guard left > .zero else { return failed("time_out") }
        let post = HTTPPost(
            url: request.url.text, fields: request.fields + ["Content-Type: application/json", "Accept: */*"],
            body: Array(request.body.utf8), timeout: left, authorities: authorities,
            peer: OutboundPeer(
                host: request.url.host, port: request.url.port, addresses: addresses.map { ($0.high, $0.low) }))
        do {
            let result = try await pool.run { post.run() }
            return Self.outcome(of: result, milliseconds: Self.milliseconds(since: start))
        } catch {
            return failed("busy")
        }
    }

    private static func outcome(
        of result: Result<OutboundAnswer, OutboundFault>, milliseconds: Int
    ) -> HookOutcome {
        switch result {
        case .success(let answer):
            .answered(
                answer.status, retryAfter: answer.retryAfter == 0 ? nil : answer.retryAfter, milliseconds: milliseconds)
        case .failure(.unreachable): .failed("unreachable", milliseconds: milliseconds)
        case .failure(.tls): .failed("tls", milliseconds: milliseconds)
        case .failure(.timedOut): .failed("time_out", milliseconds: milliseconds)
        case .failure(.setUp), .failure(.tooLong), .failure(.other): .failed("broken", milliseconds: milliseconds)
        }
    }

    private static func milliseconds(since start: MonotonicTime) -> Int {
        Int(start.duration(to: .now).wholeNanoseconds / 1_000_000)
    }
}
