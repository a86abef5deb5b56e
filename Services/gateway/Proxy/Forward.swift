package import API
import GatewayDomain
package import HTTP
package import Kernel
import Lifecycle
package import Observability
package import Web

/// Passes a request on to one instance of its owner, and the answer back: both as streams, never held whole. Tries
/// another instance when nothing can have happened at the first, or when trying twice is safe.
package struct Forward: Sendable {
    private let instances: [ServiceName: ServiceInstances]
    private let client: HTTPClient
    private let signer: PrincipalSigner
    private let clock: any WallClock
    let timeout: Int64
    private let retries: Counter

    package init(
        instances: [ServiceName: ServiceInstances], client: HTTPClient, signer: PrincipalSigner, clock: any WallClock,
        timeout: Duration, metrics: Metrics
    ) {
        self.instances = instances
        self.client = client
        self.signer = signer
        self.clock = clock
        self.timeout = timeout.wholeNanoseconds
        retries = metrics.counter("praxis_gateway_retries_total", "Requests sent to a second instance.")
    }

    /// Nil when nothing is known of the service here.
    package func upstream(of owner: ServiceName) -> UpstreamService? {
        guard let instances = instances[owner], let pairSigner = signer.pairSigner(for: owner) else { return nil }
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
        var tried: Set<Int> = []
        var leased = leased
        var begun = begun
        while true {
            switch leased.take() ?? upstream.instances.lease(except: tried) {
            case .circuitOpen(let until):
                return context.answer(.unavailable(retryAfter: (until - clock.now).secondsRoundedUp))
            case .noInstance: return context.answer(.unavailable())
            case .leased(let lease):
                let sent = begun.take()
                let outcome = await send(
                    outgoing, request, by: lease, of: upstream.instances, deadline: deadline, begun: sent)
                if tried.isEmpty, mayTryAnother(outcome, request, upstream.instances, deadline) {
                    tried.insert(lease.index)
                    retries.add()
                    continue
                }
                return answer(outcome, request, context)
            }
        }
    }

    private enum Outcome {
        case answered(IncomingResponse)
        case failed(ClientFault)
    }

    private func send(
        _ outgoing: OutgoingRequest, _ request: Request, by lease: ServiceInstances.Lease,
        of instances: ServiceInstances, deadline: Deadline,
        begun: ClientConnection?
    ) async -> Outcome {
        do throws(ClientFault) {
            let answer = try await client.send(outgoing, to: lease.upstream, deadline: deadline, begun: begun)
            // What a service itself refuses for want of its database says that the instance lives.
            answer.status.code == 502 || answer.status.code == 504
                ? instances.failed(lease) : instances.succeeded(lease)
            return .answered(answer)
        } catch {
            error == .cancelled || Self.isSendersDoing(error, request.body)
                ? instances.released(lease) : instances.failed(lease)
            return .failed(error)
        }
    }

    /// A client that breaks its body off, or keeps us waiting for it, must not put the service out of everybody's reach.
    private static func isSendersDoing(_ fault: ClientFault, _ body: RequestBody) -> Bool {
        body.fault != nil || (fault == .timedOut && !body.isWhole)
    }

    private func mayTryAnother(
        _ outcome: Outcome, _ request: Request, _ instances: ServiceInstances, _ deadline: Deadline
    ) -> Bool {
        guard !deadline.isPast(), request.body.fault == nil else { return false }
        switch outcome {
        // Nothing was sent: whatever the method, nothing can have happened.
        case .failed(.unreachable): return true
        case .failed(.lost), .failed(.poolIsFull), .failed(.badResponse):
            return request.method.isSafe && request.body.isEmpty && instances.mayRetry()
        case .failed: return false
        case .answered(let answer):
            return answer.status == .unavailable && request.method.isSafe && request.body.isEmpty
                && instances.mayRetry()
        }
    }

    private func answer(_ outcome: Outcome, _ request: Request, _ context: RequestContext) -> Response {
        switch outcome {
        case .answered(let incoming) where incoming.isEarly && incoming.status.code < 400:
            // It says that something was done with a body it never had.
            log.warning("a request could not be passed on", ["reason": "early_answer"])
            return context.answer(Problem(.badGateway, "The answer could not be understood."))
        case .answered(let incoming):
            return Response(forwarding: incoming, without: Forward.stoppedOfAnswers)
        case .failed where request.body.fault != nil:
            return context.answer(request.body.fault.map { Problem($0) } ?? .internalError)
        case .failed(let fault):
            log.warning("a request could not be passed on", ["reason": fault.code])
            switch fault {
            case .timedOut: return context.answer(Problem(.gatewayTimeout, "The answer did not come in time."))
            case .unreachable, .poolIsFull: return context.answer(.unavailable())
            default: return context.answer(Problem(.badGateway, "The answer could not be understood."))
            }
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
