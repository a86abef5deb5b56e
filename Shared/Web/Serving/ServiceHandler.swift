package import API
import Crypto
import Forms
package import HTTP
package import Kernel
import Lifecycle
package import Observability

/// Answers the requests of one service: proves who asks, finds the route, reads the input, asks the handler, writes the
/// answer. What is thrown on the way becomes a problem here and nowhere else.
package struct ServiceHandler: Sendable {
    /// Turns an error that is no problem into one; nil for what nobody expected.
    package typealias Explain = @Sendable (any Error) -> Problem?

    private let name: ServiceName
    private let router: Router<ServedRoute>
    private let verifier: PrincipalVerifier
    private let cursors: CursorSigner
    private let timeout: Duration
    private let explain: Explain
    private let strays: RouteMeter

    /// - Parameter timeout: how long a request may take at most; its own deadline may be nearer.
    package init(
        _ name: ServiceName, routes: Routes, verifier: PrincipalVerifier, cursors: CursorSigner, metrics: Metrics,
        timeout: Duration = .seconds(8), explain: @escaping Explain = { _ in nil }
    ) throws(RouteClash) {
        self.name = name
        self.verifier = verifier
        self.cursors = cursors
        self.timeout = timeout
        self.explain = explain
        router = try Router(
            routes.all.map { route in
                let declaration = route.declaration
                let meter = RouteMeter(
                    metrics, route: declaration.path.description, method: declaration.verb.rawValue)
                return (declaration.verb, declaration.path, ServedRoute(route: route, meter: meter))
            })
        strays = RouteMeter(metrics, route: "none", method: "any")
    }

    package func answer(_ request: Request) async -> Response {
        let begin = MonotonicTime.now
        var draft = CallDraft(request)
        let refusal = draft.admit(request, by: verifier)
        let trace = TraceContext.incoming(request)
        return await TaskContext.$current.withValue(TaskContext(requestID: draft.requestID, trace: trace)) {
            let (served, response) = await route(request, draft, refusal, trace)
            let nanoseconds = MonotonicTime.now.nanoseconds &- begin.nanoseconds
            (served?.meter ?? strays).observe(response.status.code, nanoseconds: nanoseconds)
            logAnswer(of: served, request, response, nanoseconds)
            return response
        }
    }

    /// One line at `info` for what was refused, failed or took long; the others at `debug`.
    private func logAnswer(of served: ServedRoute?, _ request: Request, _ response: Response, _ nanoseconds: Int64) {
        let isRemarkable = response.status.code >= 400 || nanoseconds >= Self.long
        guard LogSink.current.takes(isRemarkable ? .info : .debug) else { return }
        let values: KeyValuePairs<StaticString, any LogValue> = [
            "route": served?.route.declaration.path.description, "method": request.method.rawValue,
            "status": response.status.code, "duration_ms": Duration.nanoseconds(nanoseconds),
        ]
        isRemarkable ? log.info("request answered", values) : log.debug("request answered", values)
    }

    private static let long: Int64 = 1_000_000_000

    private func route(
        _ request: Request, _ draft: CallDraft, _ refusal: Problem?, _ trace: TraceContext
    ) async -> (ServedRoute?, Response) {
        if let refusal { return (nil, draft.answer(refusal)) }
        switch router.match(request.method, request.path) {
        case .unknown: return (nil, draft.answer(.notFound))
        case .wrongMethod(let allowed):
            let problem = Problem(.methodNotAllowed, "Method \"\(request.method.rawValue)\" not allowed.")
            return (nil, draft.answer(problem, allowed: allowed))
        case .found(let served, let template):
            var draft = draft
            draft.declaration = served.route.declaration
            return (served, await answer(request, draft, trace, served.route, template))
        }
    }

    private func answer(
        _ request: Request, _ draft: CallDraft, _ trace: TraceContext, _ route: Route,
        _ template: PathTemplate
    ) async -> Response {
        do {
            try draft.negotiate(request)
            try draft.checkAccess()
            let deadline = draft.deadline(request, default: timeout)
            if deadline.isPast() { throw Problem(.gatewayTimeout, "The answer would have come too late.") }
            let key = try draft.idempotencyKey(request)
            let fingerprint = key.map { _ in RequestFingerprint(request) }
            let body = try await BodyReading(request, for: route, fingerprint)
            let call = try draft.call(
                request, key: key, fingerprint: fingerprint, trace: trace, deadline: deadline)
            let source = try CallDraft.source(request, template.parameters(in: request.path), body)
            return try draft.response(request, try await answer(source, call, route), call)
        } catch let replay as Replay {
            return replay.response
        } catch let range as UnsatisfiableRange {
            return draft.answer(range.problem, wholeLength: range.length)
        } catch {
            return draft.answer(problem(for: error))
        }
    }

    /// Cursors of lists are signed on their way out and proven on their way in.
    private func answer(_ source: Source, _ call: Call, _ route: Route) async throws -> Answered {
        guard route.declaration.answer.form == .list else { return try await route.answer(source, call) }
        let list = CursorList(route.declaration.name, route.filters, source.query)
        var source = source
        source.readCursor = { [cursors] in cursors.read($0, of: list) }
        return try await route.answer(source, call).signing { cursors.write($0, of: list) }
    }

    private func problem(for error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if let problem = explain(error) {
            log.warning(
                "a request met trouble", ["error": String(describing: type(of: error)), "code": problem.code.rawValue])
            return problem
        }
        if error is CancellationError { return .unavailable() }
        // The type and nothing else: what an error says may be about a patient.
        log.error("a request failed", ["error": String(describing: type(of: error))])
        return .internalError
    }
}

/// A route with its meter.
struct ServedRoute: Sendable {
    let route: Route
    let meter: RouteMeter
}

extension TraceContext {
    /// The caller's trace one span further, or a new one.
    package static func incoming(_ request: Request) -> TraceContext {
        incoming(request.headers["traceparent"])
    }

    /// The same by the field alone.
    package static func incoming(_ field: String?) -> TraceContext {
        field.flatMap { TraceContext($0) }?.child() ?? .make()
    }
}
