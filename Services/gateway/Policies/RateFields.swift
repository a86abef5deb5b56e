import API
import GatewayDomain
import HTTP
import Kernel

/// What answers say of a limit, in the words of the drafts old and new (draft-ietf-httpapi-ratelimit-headers): what
/// never changes of a class is made once.
struct RateFields: Sendable {
    /// The lines of one class, cut where a number goes.
    private final class Lines: Sendable {
        let untilRemaining: [UInt8]
        let untilStructured: [UInt8]

        init(_ rule: RateRule) {
            let (name, limit) = (rule.rateClass.rawValue, rule.limit)
            let policy = "\"\(name)\";q=\(limit.number);w=\(limit.seconds)"
            untilRemaining = Array(
                "RateLimit-Limit: \(limit.number)\r\nRateLimit-Policy: \(policy)\r\nRateLimit-Remaining: ".utf8)
            untilStructured = Array("\r\nRateLimit: \"\(name)\";r=".utf8)
        }
    }

    /// By the class's index.
    private let lines: [Lines?]

    init(_ rules: [RateRule?]) {
        lines = rules.map { $0.map(Lines.init) }
    }

    func add(_ verdict: RateVerdict, of rateClass: RateClass, to headers: inout Headers) {
        guard let lines = lines[rateClass.index] else { return }
        headers.addLines { block in
            block.append(all: lines.untilRemaining)
            block.append(decimal: verdict.remaining)
            block.append("\r\nRateLimit-Reset: ")
            block.append(decimal: verdict.resetSeconds)
            block.append(all: lines.untilStructured)
            block.append(decimal: verdict.remaining)
            block.append(";t=")
            block.append(decimal: verdict.resetSeconds)
            block.append("\r\n")
        }
    }
}
