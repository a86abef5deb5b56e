// API: the contract in Swift. Every endpoint is one value that the owner serves, the gateway routes, the internal
// client calls, OpenAPI documents and the contract tests prove. It leaves statuses of problems and the wire form to
// Web.

import Forms
package import JSON
package import Kernel

/// One endpoint with the types of what it takes and gives; all else about it is its `declaration`.
package struct Endpoint<Takes: Input, Gives: Answer>: Sendable {
    package let declaration: Declaration

    /// - Parameters:
    ///   - name: the stable `operationId`.
    ///   - says: the envelope's message on success.
    ///   - heading: the message of a validation problem, where a document words it its own way.
    ///   - refuses: what the handler may answer beyond what follows from the declaration itself.
    ///   - limit: how long it may take; uploads, downloads and streams need more than the usual.
    ///   - example: a body that works on the demonstration, where that of the input does not.
    ///   - record: which record of the demonstration `{id}` names in the example, where it is not the one of its kind.
    ///   - whileEnrolling: whether somebody may call it who has to set up a second factor first.
    ///   - beforePasswordChange: whether somebody may call it who has to choose a password in place of a generated one.
    package init(
        _ verb: Verb, _ path: String, _ name: String, of owner: ServiceName, for access: Access,
        takes: Takes.Type = NoInput.self, gives: Gives.Type, says: String, summary: String, tag: String,
        heading: String = "Validation failed", refuses: Set<Problem.Code> = [], rate: RateClass? = nil,
        validation: ValidationStatus = .badRequest, bodyLimit: Int = 1_048_576, cachedFor seconds: Int? = nil,
        within limit: TimeLimit = .default, example: JSONValue? = nil, of record: DemoRecord? = nil,
        whileEnrolling: Bool = false, beforePasswordChange: Bool = false
    ) {
        declaration = Declaration(
            verb: verb, path: PathTemplate(path), name: name, owner: owner, access: access,
            rate: rate ?? (access == .anyone ? .anonymous : .authenticated), says: says, summary: summary, tag: tag,
            heading: heading, refuses: refuses, validation: validation, bodyLimit: bodyLimit, cacheSeconds: seconds,
            timeLimit: limit, whileEnrolling: whileEnrolling, beforePasswordChange: beforePasswordChange,
            input: InputDescription(Takes.self, example: example, of: record),
            answer: Gives.description)
    }
}

/// Everything about an endpoint that needs no type: what the gateway, the documents and the tests read.
package struct Declaration: Sendable {
    package let verb: Verb
    package let path: PathTemplate
    package let name: String
    package let owner: ServiceName
    package let access: Access
    package let rate: RateClass
    package let says: String
    package let summary: String
    package let tag: String
    package let heading: String
    package let refuses: Set<Problem.Code>
    package let validation: ValidationStatus
    /// Bytes a body may have.
    package let bodyLimit: Int
    /// How long anyone may keep the answer; nil, as for everything personal, means not at all.
    package let cacheSeconds: Int?
    package let timeLimit: TimeLimit
    /// Whether it is open to callers who may do nothing but set up a second factor.
    package let whileEnrolling: Bool
    /// Whether it is open to callers who may do nothing but choose a password.
    package let beforePasswordChange: Bool
    package let input: InputDescription
    package let answer: AnswerDescription
}

/// The methods that endpoints are declared with.
package enum Verb: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// The status of field faults: 400, but 422 under `/api/v1/patient/`, whose document says so.
package enum ValidationStatus: Int, Sendable {
    case badRequest = 400
    case unprocessable = 422
}

/// The limit an endpoint's requests are counted under (api.md §1 Rate limits).
package enum RateClass: String, Sendable, CaseIterable {
    case registration, login, anonymous, authenticated, otp, recommendations, resend
    /// Pages and their files, which are no endpoints.
    case documents
    /// Streams of events that are opened: a browser does so again each time its connection ends.
    case streams
    /// Health and what is for developers alone: not counted.
    case unlimited
}

/// Who may call.
package enum Access: Sendable, Equatable {
    case anyone
    case authenticated
    /// Who is signed in, or shows a ticket in the query, which its owner knows.
    case ticketHolders
    case roles(Set<Role>)
    /// Only these services, in their own name or a caller's; the gateway routes it for nobody.
    case services(Set<ServiceName>)
}

/// The services and the gateway.
package enum ServiceName: String, Sendable, Hashable, CaseIterable {
    case gateway, identity, registry, scheduling, records, notifier

    /// The port of its endpoints unless its setting says otherwise; only the gateway's faces a network.
    package var port: Int {
        switch self {
        case .gateway: 8000
        case .identity: 8101
        case .registry: 8102
        case .scheduling: 8103
        case .records: 8104
        case .notifier: 8105
        }
    }
    /// The port of `/livez`, `/readyz` and `/metrics`.
    package var opsPort: Int { port + 1000 }
}
