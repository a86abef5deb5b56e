package import API
import GatewayDomain
package import HTTP
import Kernel
import Lifecycle
package import Observability
package import Web

/// The one way in: host, route, caller, limit – each may refuse – and then the owner, or a page of the gateway's own.
package struct FrontDoor: Sendable {
    /// What stands at a path.
    package enum Destination: Sendable {
        /// An endpoint of a service, or of the gateway's own.
        case service(Declaration)
        case own(Declaration, @Sendable (Request, Visit) async -> Response)
    }

    /// What stands at a path, and what is counted of it.
    private final class Place: Sendable {
        let destination: Destination
        let declaration: Declaration
        let meter: RouteMeter

        init(_ destination: Destination, _ metrics: Metrics) {
            self.destination = destination
            switch destination {
            case .service(let declaration), .own(let declaration, _): self.declaration = declaration
            }
            meter = RouteMeter(metrics, route: declaration.path.description, method: declaration.verb.rawValue)
        }
    }

    private let router: Router<Place>
    private let settings: GatewaySettings
    private let identification: Identification
    private let counters: RateCounters
    private let forward: Forward
    private let pages: Pages
    private let fields: AnswerFields
    private let strays: RouteMeter

    package init(
        settings: GatewaySettings, own: [(Declaration, @Sendable (Request, Visit) async -> Response)],
        identification: Identification, counters: RateCounters, forward: Forward, pages: Pages, metrics: Metrics
    ) throws(RouteClash) {
        let others = Catalogue.all.filter { $0.owner != .gateway && $0.isPublic }
        let all = others.map(Destination.service) + own.map(Destination.own)
        router = try Router(
            all.map { destination in
                let place = Place(destination, metrics)
                return (place.declaration.verb, place.declaration.path, place)
            })
        (self.settings, self.identification) = (settings, identification)
        (self.counters, self.forward, self.pages) = (counters, forward, pages)
        fields = AnswerFields(xssProtection: settings.xssProtection, origins: settings.origins)
        strays = RouteMeter(metrics, route: "none", method: "any")
    }

    /// Words what the server itself refuses: bytes that never became a request.
    package func refuse(_ fault: HTTPFault) -> Response {
        let requestID = RequestID.make()
        var response = ProblemAnswer(Problem(fault), requestID: requestID, allowed: Verb.allCases).response
        fields.add(to: &response, requestID: requestID)
        return response
    }

    private typealias Counted = (RateClass, RateLimit, RateVerdict)

    package func answer(_ request: Request) async -> Response {
        let begin = MonotonicTime.now
        let visit = Visit(request, clients: settings.clients)
        let context = RequestContext(requestID: visit.requestID, trace: visit.trace)
        return await RequestContext.$current.withValue(context) {
            var counted: Counted?
            var meter: RouteMeter?
            var response = await admit(request, visit, &counted, &meter)
            fields.add(to: &response, visit, counted)
            (meter ?? strays).observe(response.status.code, begin.duration(to: .now))
            return response
        }
    }

    private func admit(
        _ request: Request, _ visit: Visit, _ counted: inout Counted?, _ meter: inout RouteMeter?
    ) async -> Response {
        guard settings.hosts.allows(visit.host) else {
            return visit.answer(Problem(.hostNotAllowed, "This host is not served here."))
        }
        if request.method == .options { return options(request, visit) }
        switch router.match(request.method, request.path) {
        case .unknown:
            if let page = await pages.answer(request) { return page }
            if pages.exist(at: request.path) {
                return await stray(visit, .methodNotAllowed(request.method), [.get], &counted)
            }
            return await stray(visit, .notFound, [], &counted)
        case .wrongMethod(let allowed):
            return await stray(visit, .methodNotAllowed(request.method), allowed, &counted)
        case .found(let place, _):
            meter = place.meter
            return await serve(request, visit, place.declaration, &counted) { caller in
                await answer(request, visit, caller, place.destination)
            }
        }
    }

    private func answer(
        _ request: Request, _ visit: Visit, _ caller: Caller?, _ destination: Destination
    ) async -> Response {
        switch destination {
        case .service(let declaration):
            await forward.answer(request, visit, caller: caller, owner: declaration.owner)
        case .own(_, let answer): await answer(request, visit)
        }
    }

    /// Proves the caller, counts the request, and only then lets it in.
    private func serve(
        _ request: Request, _ visit: Visit, _ declaration: Declaration, _ counted: inout Counted?,
        then answer: (Caller?) async -> Response
    ) async -> Response {
        let finding = await identification.identify(request)
        var caller: Caller?
        if case .caller(let known) = finding { caller = known }
        let refusal = declaration.access == .anyone ? nil : Self.refusal(finding, declaration)
        // Whoever is refused for want of a good token counts by address, or guessing tokens would cost nothing.
        let (rateClass, key) = Self.account(declaration, caller: refusal == nil ? caller : nil, refusal, visit)
        if let limit = counters.limit(rateClass), let verdict = await counters.count(rateClass, of: key) {
            counted = (rateClass, limit, verdict)
            if !verdict.isAllowed { return visit.answer(Self.tooMany(verdict)) }
        }
        if let refusal { return visit.answer(refusal) }
        if let length = request.body.length, length > declaration.bodyLimit {
            return visit.answer(Problem(.payloadTooLarge, "The request body is too large."))
        }
        request.body.allow(upTo: declaration.bodyLimit)
        return await answer(caller)
    }

    private static func refusal(_ finding: Identification.Finding, _ declaration: Declaration) -> Problem? {
        switch finding {
        case .nobody: return .notAuthenticated
        case .refused: return Problem(.invalidToken, "The access token is invalid or has expired.")
        case .unknown: return .unavailable()
        case .caller(let caller):
            if caller.isEnrolling, !declaration.whileEnrolling { return .secondFactorRequired }
            guard case .roles(let roles) = declaration.access, !roles.contains(caller.role) else { return nil }
            return .forbidden
        }
    }

    private static func account(
        _ declaration: Declaration, caller: Caller?, _ refusal: Problem?, _ visit: Visit
    ) -> (RateClass, String) {
        switch declaration.rate {
        case .unlimited where refusal == nil: return (.unlimited, "")
        case .registration, .login, .resend, .otp, .recommendations:
            return (declaration.rate, caller?.account.description ?? visit.client.limitKey)
        case .anonymous, .authenticated, .unlimited:
            guard let caller else { return (.anonymous, visit.client.limitKey) }
            return (.authenticated, caller.account.description)
        }
    }

    /// Unknown paths count as anonymous: scanning is not free.
    private func stray(
        _ visit: Visit, _ problem: Problem, _ allowed: [Verb], _ counted: inout Counted?
    ) async -> Response {
        if let limit = counters.limit(.anonymous),
            let verdict = await counters.count(.anonymous, of: visit.client.limitKey)
        {
            counted = (.anonymous, limit, verdict)
            if !verdict.isAllowed { return visit.answer(Self.tooMany(verdict)) }
        }
        return visit.answer(problem, allowed: allowed)
    }

    private static func tooMany(_ verdict: RateVerdict) -> Problem {
        Problem(
            .rateLimited, "Too many requests. Please try again in \(verdict.resetSeconds) seconds.",
            retryAfter: verdict.resetSeconds)
    }

    /// A preflight is answered here; any other `OPTIONS` is told the methods.
    private func options(_ request: Request, _ visit: Visit) -> Response {
        let verbs: [Verb]
        switch router.match(.options, request.path) {
        case .wrongMethod(let allowed): verbs = allowed
        default: verbs = []
        }
        let methods = ProblemAnswer.methods(verbs)
        var headers = Headers()
        headers.add("Allow", methods.joined(separator: ", "))
        if let page = visit.pageOrigin, request.headers.contains("access-control-request-method") {
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

extension Problem {
    fileprivate static func methodNotAllowed(_ method: Method) -> Problem {
        Problem(.methodNotAllowed, "Method \"\(method.rawValue)\" not allowed.")
    }
}

extension Declaration {
    /// Whether the gateway routes it: what only services may call exists for nobody outside.
    package var isPublic: Bool { if case .services = access { false } else { true } }
}
