import API
import GatewayDomain
import HTTP
import Kernel

/// What answers say of a limit, in the words of the drafts old and new (draft-ietf-httpapi-ratelimit-headers): what never
/// changes of a rule is made once.
struct RateFields: Sendable {
    /// By the rule's place.
    private let policies: [Headers]

    init(_ rules: [RateRule?]) {
        policies = rules.map { rule in
            var fields = Headers()
            guard let rule else { return fields }
            fields.add("RateLimit-Limit", number: rule.limit.number)
            fields.add(
                "RateLimit-Policy", "\"\(rule.rateClass.rawValue)\";q=\(rule.limit.number);w=\(rule.limit.seconds)")
            return fields
        }
    }

    func add(_ verdict: RateVerdict, under rule: RateRule, to headers: inout Headers) {
        if rule.place < policies.count { headers.append(policies[rule.place]) }
        headers.add("RateLimit-Remaining", number: verdict.remaining)
        headers.add("RateLimit-Reset", number: verdict.resetSeconds)
        headers.add("RateLimit") { value in
            value.append(UInt8(ascii: "\""))
            value.append(rule.rateClass.rawValue)
            value.append("\";r=")
            value.append(decimal: verdict.remaining)
            value.append(";t=")
            value.append(decimal: verdict.resetSeconds)
        }
    }
}
