/// How a try to reach a hook ended: a status, or why there is none. What was answered is not kept.
package struct HookOutcome: Sendable, Equatable {
    /// Of the answer; nil where there was none.
    package let status: Int?
    /// A code of ours; nil exactly for a success.
    package let error: String?
    /// From looking up the name to the status line.
    package let milliseconds: Int
    /// What a busy receiver asks for (429, 503).
    package let retryAfter: Duration?

    package var isSuccess: Bool { error == nil }
    /// The receiver wants nothing any more (410).
    package var isGone: Bool { status == 410 }

    /// The fault is ours, and says nothing about the receiver.
    package var isOurs: Bool { self == .sealed }

    /// The hook's secret does not open: a master key is missing.
    package static let sealed = failed("secret")

    private init(status: Int?, error: String?, milliseconds: Int, retryAfter: Duration?) {
        self.status = status
        self.error = error
        self.milliseconds = milliseconds
        self.retryAfter = retryAfter
    }

    /// A receiver that answered: 2xx is success; a redirect is a failure like others, since it is not followed.
    package static func answered(_ status: Int, retryAfter seconds: Int?, milliseconds: Int) -> HookOutcome {
        let isBusy = status == 429 || status == 503
        return HookOutcome(
            status: status, error: (200...299).contains(status) ? nil : error(status), milliseconds: milliseconds,
            retryAfter: isBusy ? seconds.map { .seconds(min(max($0, 0), 86_400)) } : nil)
    }

    /// - Parameter error: `unresolvable`, `address_refused`, `unreachable`, `tls`, `time_out` …
    package static func failed(_ error: String, milliseconds: Int = 0) -> HookOutcome {
        HookOutcome(status: nil, error: error, milliseconds: milliseconds, retryAfter: nil)
    }

    private static func error(_ status: Int) -> String {
        switch status {
        case 300...399: "redirect"
        case 410: "gone"
        default: "status"
        }
    }
}
