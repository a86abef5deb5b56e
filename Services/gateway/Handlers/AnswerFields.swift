import GatewayDomain
package import HTTP
import Kernel
import Web

/// The fields every answer of the gateway carries, made once as bytes where they never change.
package struct AnswerFields: Sendable {
    private let standard: Headers
    /// The same with what an answer is given that says nothing of its own about policy and caching.
    private let usual: Headers
    private let strictTransport: Headers
    private let origins: CrossOrigin
    private let limits: RateFields

    init(xssProtection: String, origins: CrossOrigin, limits: RateFields) {
        var standard = Headers()
        for (name, value) in SecurityHeaders.standard where name != "Cache-Control" && name != "Content-Security-Policy"
        {
            standard.add(name, value)
        }
        standard.add("X-XSS-Protection", xssProtection)
        self.standard = standard
        standard.append(Self.contentPolicy)
        standard.append(Self.noStore)
        usual = standard
        strictTransport = ["Strict-Transport-Security": SecurityHeaders.strictTransport]
        (self.origins, self.limits) = (origins, limits)
    }

    package func add(to response: inout Response, _ visit: Visit) {
        add(to: &response, requestID: visit.requestID)
        add(to: &response.headers, isSecure: visit.isSecure, counted: visit.counted)
        guard let page = visit.pageOrigin else { return }
        response.headers.add("Vary", "Origin")
        for (name, value) in origins.fields(for: page) { response.headers.add(name, value) }
    }

    /// What even the answer to bytes that never became a request carries.
    package func add(to response: inout Response, requestID: String) {
        // Looked for among the owner's fields, before ours make them many.
        let hasPolicy = response.headers.contains("content-security-policy")
        let hasCaching = response.headers.contains("cache-control")
        add(to: &response.headers, hasPolicy: hasPolicy, hasCaching: hasCaching, requestID: requestID)
    }

    /// - Parameters:
    ///   - hasPolicy: whether the owner has said what its page may load.
    ///   - hasCaching: whether it has said how long its answer may be kept.
    func add(to headers: inout Headers, hasPolicy: Bool, hasCaching: Bool, requestID: String) {
        if !hasPolicy, !hasCaching {
            headers.append(usual)
        } else {
            add(to: &headers, hasPolicy: hasPolicy, hasCaching: hasCaching)
        }
        headers.add("X-Request-Id" as StaticString) { $0.append(requestID) }
    }

    private func add(to headers: inout Headers, hasPolicy: Bool, hasCaching: Bool) {
        headers.append(standard)
        if !hasPolicy { headers.append(Self.contentPolicy) }
        if !hasCaching { headers.append(Self.noStore) }
    }

    func add(to headers: inout Headers, isSecure: Bool, counted: (rule: RateRule, verdict: RateVerdict)?) {
        if isSecure { headers.append(strictTransport) }
        if let (rule, verdict) = counted { limits.add(verdict, under: rule, to: &headers) }
    }

    private static let noStore = only("Cache-Control")
    private static let contentPolicy = only("Content-Security-Policy")

    private static func only(_ wanted: String) -> Headers {
        var headers = Headers()
        for (name, value) in SecurityHeaders.standard where name == wanted { headers.add(name, value) }
        return headers
    }
}
