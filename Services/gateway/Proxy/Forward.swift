package import API
package import Chassis
import GatewayDomain
package import HTTP
package import Kernel
import Lifecycle
import Observability
import Web

/// Passes a request on to one instance of its owner, and the answer back: both as streams, never held whole.
package struct Forward: Sendable {
    private let services: ServiceClient
    private let clock: any WallClock
    let timeout: Int64

    package init(services: ServiceClient, clock: any WallClock, timeout: Duration) {
        self.services = services
        self.clock = clock
        self.timeout = timeout.wholeNanoseconds
    }

    /// Nil when nothing is known of the service here.
    package func upstream(of owner: ServiceName) -> UpstreamService? {
        guard let instances = services.instances[owner], let pairSigner = services.signer.pairSigner(for: owner) else {
            return nil
        }
        return UpstreamService(instances: instances, pairSigner: pairSigner)
    }

    /// - Parameters:
    ///   - leased: what asking for an instance gave already.
    ///   - begun: the connection to it over which the request was sent already.
    package func answer(
        _ request: Request, _ context: RequestContext, caller: Caller?, to upstream: UpstreamService,
        leased: ServiceInstances.LeaseOutcome? = nil, begun: ClientConnection? = nil
    ) async -> Response {
        let end = request.arrived.nanoseconds &+ timeout
        let deadline = min(request.deadline, Deadline(MonotonicTime(nanoseconds: end)))
        guard let outgoing = outgoing(request, context, caller: caller, by: upstream.pairSigner, deadline: deadline)
        else {
            if case .leased(let lease)? = leased { upstream.instances.released(lease) }
            begun?.close()
            return context.answer(.internalError)
        }
        let outcome = await services.sender.send(
            outgoing, to: upstream.instances, deadline: deadline, source: request.body, leased: leased, begun: begun)
        return answer(outcome, request, context)
    }

    private func answer(
        _ outcome: InstanceSender.Outcome, _ request: Request, _ context: RequestContext
    ) -> Response {
        switch outcome {
        case .answered(let incoming) where incoming.isEarly && incoming.status.code < 400:
            // It says that something was done with a body it never had.
            log.warning("a request could not be passed on", ["reason": "early_answer"])
            return context.answer(Problem(.badGateway, "The answer could not be understood."))
        case .answered(let incoming):
            return Response(forwarding: incoming, without: Forward.stoppedOfAnswers)
        case .failed where request.body.fault != nil:
            return context.answer(request.body.fault.map { Problem($0) } ?? .internalError)
        case .failed(let fault): return answer(fault, context)
        case .circuitOpen(let until):
            return context.answer(.unavailable(retryAfter: (until - clock.now).secondsRoundedUp))
        case .noInstance: return context.answer(.unavailable())
        }
    }

    private func answer(_ fault: ClientFault, _ context: RequestContext) -> Response {
        log.warning("a request could not be passed on", ["reason": fault.code])
        return switch fault {
        case .timedOut: context.answer(Problem(.gatewayTimeout, "The answer did not come in time."))
        case .unreachable, .poolIsFull: context.answer(.unavailable())
        default: context.answer(Problem(.badGateway, "The answer could not be understood."))
        }
    }

    private func outgoing(
        _ request: Request, _ context: RequestContext, caller: Caller?, by pairSigner: PrincipalSigner.PairSigner,
        deadline: Deadline
    ) -> OutgoingRequest? {
        var outgoing = OutgoingRequest(forwarding: request, without: Forward.stoppedOfRequests)
        let principal = Principal(
            caller: caller, requestID: context.requestID, clientAddress: context.client.description,
            baseURL: context.origin,
            userAgent: request.headers["user-agent"] ?? "")
        guard
            pairSigner.sign(
                principal, at: context.now, method: request.method.rawValue, target: outgoing.targetText,
                into: &outgoing.headers)
        else { return nil }
        let left = deadline.time.nanoseconds &- MonotonicTime.now.nanoseconds
        Self.add(left: left, context.trace, to: &outgoing.headers)
        return outgoing
    }

    /// How long there is still to answer, and what trace it belongs to.
    static func add(left nanoseconds: Int64, _ trace: TraceContext, to headers: inout Headers) {
        headers.addLines { block in
            block.append(InternalField.deadline)
            block.append(": ")
            block.append(decimal: max(Int(nanoseconds / 1_000_000), 1))
            block.append("\r\ntraceparent: ")
            trace.append(to: &block)
            block.append("\r\n")
        }
    }

    /// What stops here: credentials (services believe the principal alone), what proxies wrote, and what we write anew.
    static let stoppedOfRequests = StoppedFields.ofRequests.and(
        [
            "authorization", "cookie", "origin", "referer", "forwarded", "x-forwarded-for", "x-forwarded-host",
            "x-forwarded-proto", "x-forwarded-port", "x-real-ip", "x-request-id", "traceparent", "user-agent",
            "accept-encoding",
        ], prefix: InternalField.prefix)
    static let stoppedOfAnswers = StoppedFields.ofAnswers.and(
        ["server", "x-request-id"], prefix: InternalField.prefix)
}
