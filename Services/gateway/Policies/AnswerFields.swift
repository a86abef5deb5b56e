import API
import GatewayDomain
package import HTTP
import Kernel
import Web

/// The fields every answer of the gateway carries, made once as bytes where they never change.
package struct AnswerFields: Sendable {
    private let standard: Headers
    /// The same for a page that says itself what other sites hear of it.
    private let standardButReferrer: Headers
    /// The standard ones with what an answer is given that says nothing of its own about policy and caching.
    private let usual: Headers
    private let strictTransport: Headers
    /// What an answer to a page of an allowed origin says, by the origin; and to one of another.
    private let pages: [String: Headers]
    private static let otherPage: Headers = ["Vary": "Origin"]
    private let limits: RateFields

    init(xssProtection: String, origins: CrossOrigin, limits: RateFields) {
        var standard = Headers()
        for (name, value) in SecurityHeaders.standard where name != "Cache-Control" && name != "Content-Security-Policy"
        {
            standard.add(name, value)
        }
        standard.add("X-XSS-Protection", xssProtection)
        self.standard = standard
        usual = Self.joined(standard, Self.contentPolicy, Self.noStore)
        standard.remove("Referrer-Policy")
        standardButReferrer = standard
        strictTransport = ["Strict-Transport-Security": SecurityHeaders.strictTransport]
        pages = Dictionary(
            origins.all.map { origin in
                var headers = Self.otherPage
                for (name, value) in origins.fields(for: origin) { headers.add(name, value) }
                return (origin, headers)
            }, uniquingKeysWith: { first, _ in first })
        self.limits = limits
    }

    package func add(to response: inout Response, _ context: RequestContext) {
        add(to: &response, requestID: context.requestID)
        add(
            to: &response.headers, isSecure: context.isSecure, counted: context.counted,
            pageOrigin: context.pageOrigin)
    }

    /// What even the answer to bytes that never became a request carries.
    package func add(to response: inout Response, requestID: String) {
        // Looked for among the owner's fields, before ours make them many.
        let hasPolicy = response.headers.contains("content-security-policy")
        let hasCaching = response.headers.contains("cache-control")
        let hasReferrer = hasPolicy && response.headers.contains("referrer-policy")
        let says = Says(policy: hasPolicy, caching: hasCaching, referrer: hasReferrer)
        add(to: &response.headers, beside: says, requestID: requestID)
    }

    /// What an answer's owner has said of its own.
    struct Says {
        /// What its page may load.
        let policy: Bool
        /// How long it may be kept.
        let caching: Bool
        /// What other sites hear of its address.
        let referrer: Bool
    }

    func add(to headers: inout Headers, beside owner: Says, requestID: String) {
        if !owner.policy, !owner.caching {
            headers.append(usual)
        } else {
            headers.append(owner.referrer ? standardButReferrer : standard)
            if !owner.policy { headers.append(Self.contentPolicy) }
            if !owner.caching { headers.append(Self.noStore) }
        }
        headers.addLines { block in
            block.append("X-Request-Id: ")
            block.append(requestID)
            block.append("\r\n")
        }
    }

    func add(
        to headers: inout Headers, isSecure: Bool, counted: (rateClass: RateClass, verdict: RateVerdict)?,
        pageOrigin: String?
    ) {
        if isSecure { headers.append(strictTransport) }
        if let (rateClass, verdict) = counted { limits.add(verdict, of: rateClass, to: &headers) }
        if let pageOrigin { headers.append(pages[pageOrigin] ?? Self.otherPage) }
    }

    private static let noStore = only("Cache-Control")
    private static let contentPolicy = only("Content-Security-Policy")

    private static func joined(_ parts: Headers...) -> Headers {
        parts.reduce(into: Headers()) { $0.append($1) }
    }

    private static func only(_ wanted: String) -> Headers {
        var headers = Headers()
        for (name, value) in SecurityHeaders.standard where name == wanted { headers.add(name, value) }
        return headers
    }
}
