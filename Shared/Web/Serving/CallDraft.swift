import API
import Forms
import HTTP
import JSON
import Kernel
import Lifecycle
import Observability

/// What is known of a request so far: filled step by step, so that a refusal at any step is answered as well as can be.
struct CallDraft {
    var requestID = RequestID.make()
    var profile = Profile.enveloped
    var declaration: Declaration?
    private var sender: ServiceName?
    private var principal: Principal?
    private let target: String

    init(_ request: Request) {
        target = String(decoding: request.rawTarget, as: UTF8.self)
        // Before it is proven, the asked-for form is only used to word the refusal.
        profile = MediaType.profile(accepting: request.headers["accept"]) ?? .enveloped
    }

    /// Proves the sender; answers with what is wrong.
    mutating func admit(_ request: Request, by verifier: PrincipalVerifier) -> Problem? {
        do throws(Problem) {
            try prove(request, by: verifier)
            return nil
        } catch {
            return error
        }
    }

    private mutating func prove(_ request: Request, by verifier: PrincipalVerifier) throws(Problem) {
        do throws(PrincipalVerifier.Refusal) {
            let proven = try verifier.verify(
                request.headers["x-praxis-principal"], method: request.method.rawValue, target: target)
            sender = proven.sender
            principal = proven.principal
            if !proven.principal.requestID.isEmpty { requestID = proven.principal.requestID }
        } catch {
            log.warning("a request without a good principal was refused", ["reason": error.rawValue])
            throw .notAuthenticated
        }
    }

    /// Pages, files and streams are given to whoever asks; all else is JSON.
    func negotiate(_ request: Request) throws(Problem) {
        if declaration?.answer.form.isJSON == false { return }
        guard MediaType.profile(accepting: request.headers["accept"]) != nil else {
            throw Problem(.notAcceptable, "Only application/json can be given.")
        }
    }

    func checkAccess() throws(Problem) {
        switch declaration?.access {
        // Who shows a ticket is proven by the handler.
        case .anyone, .ticketHolders: return
        case .authenticated: if principal?.caller == nil { throw .notAuthenticated }
        case .roles(let roles):
            guard let caller = principal?.caller else { throw .notAuthenticated }
            if !roles.contains(caller.role) { throw .forbidden }
        case .services(let services):
            guard let sender, services.contains(sender) else { throw .forbidden }
        case nil: throw .notFound
        }
    }

    /// The nearer of: how long the sender still waits, and what the endpoint allows.
    func deadline(_ request: Request, default timeout: Duration) -> Deadline {
        var nearest = (declaration?.timeLimit ?? .default).deadline(of: request, default: timeout)
        if let left = request.headers["x-praxis-deadline"].flatMap({ UInt32($0) }) {
            nearest = min(nearest, .after(.milliseconds(Int64(left))))
        }
        return nearest
    }

    func call(
        _ request: Request, key: String?, fingerprint: RequestFingerprint?, trace: TraceContext, deadline: Deadline
    ) throws(Problem) -> Call {
        guard let declaration, let principal else { throw .internalError }
        return Call(
            declaration: declaration, origin: principal.origin(requestID: requestID, trace: trace),
            userAgent: principal.userAgent, baseURL: principal.baseURL, target: target, profile: profile,
            idempotencyKey: key, fingerprint: fingerprint,
            condition: EntityTag.condition(ifMatch: request.headers["if-match"]),
            lastEventID: request.headers["last-event-id"], deadline: deadline)
    }

    /// Looked at on POST alone: all other methods may be repeated as they are.
    func idempotencyKey(_ request: Request) throws(Problem) -> String? {
        guard declaration?.verb == .post, let key = request.headers["idempotency-key"] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw Problem(.malformedRequest, "Idempotency-Key must have 1 to 255 visible characters.")
        }
        return key
    }

    static func source(
        _ request: Request, _ parameters: [(name: String, value: String)], _ body: BodyReading
    ) throws(Problem) -> Source {
        do throws(MessageFault) {
            let query = try request.query().map { (name: $0.name, value: $0.value) }
            return Source(path: parameters, query: query, body: body.json, parts: body.parts)
        } catch {
            throw Problem(.malformedRequest, "The query is not properly encoded.")
        }
    }

    /// The answer, or the part of it that was asked for, or 304 when the client has it already (RFC 9110 §13.1.2).
    func response(_ request: Request, _ answered: Answered, _ call: Call) throws -> Response {
        if case .download(let file) = answered.content { return try DownloadEncoder(file).response(to: request) }
        guard let version = answered.version, request.method.isSafe else { return answered.response(to: call) }
        let tag = EntityTag.text(version, call.profile)
        guard EntityTag.isCurrent(tag, ifNoneMatch: request.headers["if-none-match"]) else {
            return answered.response(to: call)
        }
        var headers = Headers()
        headers.add("ETag", tag)
        headers.add("Vary", "Accept")
        return Response(.notModified, headers: headers)
    }

    /// - Parameter wholeLength: of the file of which a 416 was asked for too much.
    func answer(_ problem: Problem, allowed: [Verb] = [], wholeLength: Int? = nil) -> Response {
        var titled = problem
        if problem.code == .validationFailed, let heading = declaration?.heading, problem.message == "Validation failed"
        {
            titled = problem.titled(heading)
        }
        return ProblemAnswer(
            titled, profile: profile, requestID: requestID, origin: principal?.baseURL ?? "",
            validation: declaration?.validation ?? .badRequest, allowed: allowed,
            wholeLength: wholeLength
        ).response
    }
}
