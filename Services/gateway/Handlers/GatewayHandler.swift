package import API
import Chassis
import GatewayDomain
package import HTTP
package import Kernel
import Lifecycle
package import Observability
package import Web

/// Answers every request: host, route, caller and limit may each refuse it; then its owner answers, or a page of ours.
package struct GatewayHandler: Sendable {
    private let router: Router<GatewayRoute>
    /// The same for the fast path: indexes into `routes`.
    let tree: RouteTree
    let routes: [GatewayRoute]
    let settings: GatewaySettings
    let authenticator: Authenticator
    let counters: RateCounters
    let forward: Forward
    private let pages: Pages
    let fields: AnswerFields
    private let unmatched: RouteMeter
    let clock: any WallClock

    /// - Parameters:
    ///   - endpoints: of the services behind it.
    ///   - own: the endpoints that the gateway answers itself.
    package init(
        settings: GatewaySettings, endpoints: [Declaration],
        own: [(Declaration, @Sendable (Request, RequestContext) async -> Response)],
        authenticator: Authenticator, counters: RateCounters, forward: Forward, pages: Pages, clock: any WallClock,
        metrics: Metrics
    ) throws(RouteClash) {
        let others = endpoints.filter { $0.owner != .gateway && $0.isPublic }
            .map { GatewayRoute($0, .service(forward.upstream(of: $0.owner)), timeout: forward.timeout, metrics) }
        let routes = others + own.map { GatewayRoute($0, .own($1), timeout: forward.timeout, metrics) }
        let router = try Router(routes.map { ($0.declaration.verb, $0.declaration.path, $0) })
        self.router = router
        tree = router.tree
        self.routes = router.payloads
        self.settings = settings
        self.authenticator = authenticator
        self.counters = counters
        self.forward = forward
        self.pages = pages
        self.clock = clock
        fields = AnswerFields(
            xssProtection: settings.xssProtection, origins: settings.origins, limits: RateFields(counters.rules))
        unmatched = RouteMeter(metrics, route: "none", method: "any")
    }

    /// Words what the server itself refuses: bytes that never became a request.
    package func refuse(_ fault: HTTPFault) -> Response {
        let requestID = RequestID.make()
        var response = ProblemAnswer(Problem(fault), requestID: requestID, allowed: Verb.allCases).response
        fields.add(to: &response, requestID: requestID)
        return response
    }

    package func answer(_ request: Request) async -> Response {
        let context = RequestContext(request, clients: settings.clients, at: clock.now)
        return await conclude(request, context) { await admit(request, context) }
    }

    /// Answers what the fast path has begun and could not end: nothing is counted or sent a second time.
    func finish(
        _ request: Request, _ begun: FastPathRequest, _ leased: ServiceInstances.LeaseOutcome?,
        _ sent: ClientConnection?
    ) async -> Response {
        let context = RequestContext(request, clients: settings.clients, begun: begun)
        return await conclude(request, context) {
            if let (rateClass, verdict) = begun.counted, !verdict.isAllowed {
                return context.answer(tooMany(rateClass, verdict))
            }
            guard let route = begun.route, let upstream = route.upstream else { return context.answer(.unavailable()) }
            route.allow(request.body)
            return await forward.answer(
                request, context, caller: begun.caller, countedAs: begun.key, to: upstream,
                within: route.declaration.timeLimit, leased: leased, begun: sent)
        }
    }

    private func conclude(_ request: Request, _ context: RequestContext, _ answer: () async -> Response) async
        -> Response
    {
        let task = TaskContext(requestID: context.requestID, trace: context.trace)
        return await TaskContext.$current.withValue(task) {
            var response = await answer()
            fields.add(to: &response, context)
            let nanoseconds = MonotonicTime.now.nanoseconds &- request.arrived.nanoseconds
            (context.meter ?? unmatched).observe(response.status.code, nanoseconds: nanoseconds)
            return response
        }
    }

    private func admit(_ request: Request, _ context: RequestContext) async -> Response {
        guard settings.hosts.allows(context.host) else {
            return refuse(Problem(.hostNotAllowed, "This host is not served here."), request, context)
        }
        if request.method == .options { return options(request, context) }
        switch router.match(request.method, request.path) {
        case .found(let route, _):
            context.meter = route.meter
            return await serve(request, context, route)
        case .wrongMethod(let allowed):
            if let page = await page(request, context) { return page }
            return await noRoute(request, context, .methodNotAllowed(request.method), allowed)
        case .unknown:
            if let page = await page(request, context) { return page }
            if pages.exist(at: request.path) {
                return await noRoute(request, context, .methodNotAllowed(request.method), [.get])
            }
            return await noRoute(request, context, .notFound, [])
        }
    }

    /// What browsers open, also where programs post: nil where there is no page.
    private func page(_ request: Request, _ context: RequestContext) async -> Response? {
        guard let page = await pages.answer(request, at: context.now) else { return nil }
        let tooMany = await count(.documents, of: RateKey(context.client), context)
        return tooMany.map { refuse($0, request, context) } ?? page
    }

    /// Proves the caller, counts the request, and only then lets it in.
    private func serve(_ request: Request, _ context: RequestContext, _ route: GatewayRoute) async -> Response {
        let outcome: Authenticator.Outcome
        if let known = authenticator.known(request, at: context.now) {
            outcome = known
        } else {
            outcome = await authenticator.verify(request, at: context.now)
        }
        let fault = Self.refusal(outcome, route.declaration)
        let refusal = route.isOpen || outcome == .anonymous && route.takesTicket(of: request) ? nil : fault
        // Whoever is refused for want of a good token counts by address, or guessing tokens would cost nothing. A token
        // that opens nothing yet gives no rights where everybody is let in, either.
        let caller = fault == nil ? outcome.caller : nil
        let (rateClass, key) = Self.account(route.declaration.rate, caller, isRefused: refusal != nil, context.client)
        if let tooMany = await count(rateClass, of: key, context) { return context.answer(tooMany) }
        if let refusal { return context.answer(refusal) }
        if let length = request.body.length, length > route.declaration.bodyLimit {
            return context.answer(Problem(.payloadTooLarge, "The request body is too large."))
        }
        route.allow(request.body)
        switch route.destination {
        case .service(let upstream?):
            return await forward.answer(
                request, context, caller: caller, countedAs: key, to: upstream, within: route.declaration.timeLimit)
        case .service(nil): return context.answer(.unavailable())
        case .own(let answer): return await answer(request, context)
        }
    }

    /// Counts the request; the problem when it is one too many.
    private func count(_ rateClass: RateClass, of key: RateKey, _ context: RequestContext) async -> Problem? {
        guard let verdict = await counters.count(rateClass, of: key, at: context.now) else { return nil }
        context.counted = (rateClass, verdict)
        return verdict.isAllowed ? nil : tooMany(rateClass, verdict)
    }

    private func tooMany(_ rateClass: RateClass, _ verdict: RateVerdict) -> Problem {
        Problem(
            .rateLimited,
            "Too many requests. Please try again in \(verdict.resetSeconds) seconds.\(settings.limitHint(rateClass))",
            retryAfter: verdict.resetSeconds)
    }

    static func refusal(_ outcome: Authenticator.Outcome, _ declaration: Declaration) -> Problem? {
        switch outcome {
        case .anonymous: return .notAuthenticated
        case .invalidToken: return Problem(.invalidToken, "The access token is invalid or has expired.")
        case .unverifiable: return .unavailable()
        case .caller(let caller):
            if caller.isEnrolling, !declaration.whileEnrolling { return .secondFactorRequired }
            if caller.mustChangePassword, !declaration.beforePasswordChange { return .passwordChangeRequired }
            guard case .roles(let roles) = declaration.access, !roles.contains(caller.role) else { return nil }
            return .forbidden
        }
    }

    static func account(
        _ rate: RateClass, _ caller: Caller?, isRefused: Bool, _ client: NetworkAddress
    ) -> (RateClass, RateKey) {
        let key = caller.map { RateKey($0.account) } ?? RateKey(client)
        switch rate {
        case .unlimited where !isRefused: return (.unlimited, key)
        case .registration, .login, .resend, .otp, .recommendations, .documents, .streams: return (rate, key)
        case .anonymous, .authenticated, .unlimited: return (caller == nil ? .anonymous : .authenticated, key)
        }
    }

    /// Unknown paths count as anonymous: scanning is not free.
    private func noRoute(
        _ request: Request, _ context: RequestContext, _ problem: Problem, _ allowed: [Verb]
    ) async -> Response {
        let tooMany = await count(.anonymous, of: RateKey(context.client), context)
        return refuse(tooMany ?? problem, request, context, allowed)
    }

    /// The problem of a request without a route: as a page, where a person opened the address with a browser.
    private func refuse(
        _ problem: Problem, _ request: Request, _ context: RequestContext, _ allowed: [Verb] = []
    ) -> Response {
        var response = context.answer(problem, allowed: allowed)
        pages.page(of: problem, requestID: context.requestID, for: request)?.replaceBody(of: &response)
        return response
    }

    /// A preflight is answered here; any other `OPTIONS` is answered with the methods (`Allow`).
    private func options(_ request: Request, _ context: RequestContext) -> Response {
        let verbs: [Verb]
        switch router.match(.options, request.path) {
        case .wrongMethod(let allowed): verbs = allowed
        default: verbs = []
        }
        let methods = ProblemAnswer.methods(verbs)
        var headers = Headers()
        headers.add("Allow", methods.joined(separator: ", "))
        if let page = context.pageOrigin, request.headers.contains("access-control-request-method") {
            let asked = request.headers["access-control-request-headers"]
            for (name, value) in settings.origins.preflight(for: page, methods: methods, asked: asked)
            where name == "Access-Control-Allow-Methods" || name == "Access-Control-Allow-Headers"
                || name == "Access-Control-Max-Age"
            {
                headers.add(name, value)
            }
        }
        return Response(.noContent, headers: headers)
    }
}

extension Authenticator.Outcome {
    var caller: Caller? { if case .caller(let caller) = self { caller } else { nil } }
}

extension Problem {
    fileprivate static func methodNotAllowed(_ method: Method) -> Problem {
        Problem(.methodNotAllowed, "Method \"\(method.rawValue)\" not allowed.")
    }
}

extension Declaration {
    /// Whether the gateway routes it: what only services may call exists for nobody outside.
    package var isPublic: Bool { if case .services = access { false } else { true } }
}
