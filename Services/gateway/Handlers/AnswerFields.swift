import GatewayDomain
package import HTTP
import Kernel
import Web

/// The fields every answer of the gateway carries, made once as bytes where they never change.
package struct AnswerFields: Sendable {
    private let standard: Headers
    /// The same for a page that says itself what other sites hear of it.
    private let standardButReferrer: Headers
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
        standard.remove("Referrer-Policy")
        standardButReferrer = standard
        strictTransport = ["Strict-Transport-Security": SecurityHeaders.strictTransport]
        (self.origins, self.limits) = (origins, limits)
    }

    package func add(to response: inout Response, _ visit: Visit) {
        add(to: &response, requestID: visit.requestID)
        if visit.isSecure { response.headers.append(strictTransport) }
        if let (rule, verdict) = visit.counted { limits.add(verdict, under: rule, to: &response.headers) }
        guard let page = visit.pageOrigin else { return }
        response.headers.add("Vary", "Origin")
        for (name, value) in origins.fields(for: page) { response.headers.add(name, value) }
    }

    /// What even the answer to bytes that never became a request carries.
    package func add(to response: inout Response, requestID: String) {
        // Looked for among the owner's fields, before ours make them many.
        let hasPolicy = response.headers.contains("content-security-policy")
        let hasCaching = response.headers.contains("cache-control")
        let hasReferrer = hasPolicy && response.headers.contains("referrer-policy")
        response.headers.append(hasReferrer ? standardButReferrer : standard)
        if !hasPolicy { response.headers.append(Self.contentPolicy) }
        if !hasCaching { response.headers.append(Self.noStore) }
        response.headers.add("X-Request-Id" as StaticString) { $0.append(requestID) }
    }

    private static let noStore = only("Cache-Control")
    private static let contentPolicy = only("Content-Security-Policy")

    private static func only(_ wanted: String) -> Headers {
        var headers = Headers()
        for (name, value) in SecurityHeaders.standard where name == wanted { headers.add(name, value) }
        return headers
    }
}
