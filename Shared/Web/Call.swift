// Web: between HTTP and the handlers. It routes, proves the caller, reads inputs, writes answers in the caller's
// profile and knows every status; what an endpoint is stands in API, what bytes are stands in HTTP.

package import API
package import Kernel
package import Lifecycle

/// One request as a handler sees it: what is asked, by whom, under which conditions, until when.
package struct Call: Sendable {
    package let declaration: Declaration
    /// Who acts, for all that outlives the request: audit rows, events, calls to other services.
    package let origin: Origin
    package let userAgent: String
    /// `https://host` as the client called it: what absolute links start with.
    package let baseURL: String
    /// The path and query as the client sent them: what `next` and `previous` are made from.
    package let target: String
    package let profile: Profile
    package let idempotencyKey: String?
    /// Whether a repeated key repeats the same request; nil without a key.
    package let fingerprint: RequestFingerprint?
    package let condition: Condition
    /// `Last-Event-ID`: what the client of a stream saw last, in its own words.
    package let lastEventID: String?
    /// When nobody waits for the answer any more.
    package let deadline: Deadline

    package init(
        declaration: Declaration, origin: Origin, userAgent: String, baseURL: String, target: String, profile: Profile,
        idempotencyKey: String?, fingerprint: RequestFingerprint?, condition: Condition, lastEventID: String? = nil,
        deadline: Deadline
    ) {
        self.declaration = declaration
        self.origin = origin
        self.userAgent = userAgent
        self.baseURL = baseURL
        self.target = target
        self.profile = profile
        self.idempotencyKey = idempotencyKey
        self.fingerprint = fingerprint
        self.condition = condition
        self.lastEventID = lastEventID
        self.deadline = deadline
    }

    /// Nil where the endpoint is open to anyone and nobody signed in.
    package var caller: Caller? { origin.caller }
    package var requestID: String { origin.requestID }

    /// The caller, where an endpoint needs one; routing has refused everybody else before, so this only states it.
    package func requireCaller() throws(Problem) -> Caller {
        guard let caller else { throw .notAuthenticated }
        return caller
    }
}

/// How an answer is written: `Accept: application/json; profile=plain` asks for bare resources (seed 001),
/// `application/problem+json` for RFC 9457 errors.
package enum Profile: Sendable, Equatable {
    case enveloped, plain, problem
}

/// `If-Match` as a condition on the version of a single resource.
package enum Condition: Sendable, Equatable {
    case none
    /// `If-Match: *`, or one of these versions.
    case anyVersion
    case versions(Set<Int64>)

    /// The same where a version must be named: throws `precondition_required` without one.
    package func require(_ version: Int64) throws(Problem) {
        guard case .versions = self else {
            throw Problem(.preconditionRequired, "Say in If-Match which version you are changing.")
        }
        try check(version)
    }

    /// Throws `precondition_failed` when someone else wrote first.
    package func check(_ version: Int64) throws(Problem) {
        if case .versions(let versions) = self, !versions.contains(version) { throw .preconditionFailed }
    }
}
