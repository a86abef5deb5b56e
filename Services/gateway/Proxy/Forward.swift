package import API
package import Chassis
package import GatewayDomain
package import HTTP
package import Kernel
import Lifecycle
import Observability
import Web

/// Passes a request on to one instance of its owner, and the answer back: both as streams, never held whole.
package struct Forward: Sendable {
    private let services: ServiceClient
    private let clock: any WallClock
    private let uploads: OpenUploads
    private let streams: PassingStreams
    /// How long a request may take whose endpoint says nothing of it.
    let timeout: Duration
    /// A body up to this size, in bytes, is had whole before it is passed on.
    static let heldBytes = 65_536

    package init(services: ServiceClient, streams: PassingStreams, clock: any WallClock, timeout: Duration) {
        self.services = services
        self.streams = streams
        self.clock = clock
        self.timeout = timeout
        uploads = OpenUploads()
    }

    /// Nil when nothing is known of the service here.
    package func upstream(of owner: ServiceName) -> UpstreamService? {
        guard let instances = services.instances[owner], let pairSigner = services.signer.pairSigner(for: owner) else {
            return nil
        }
        return UpstreamService(instances: instances, pairSigner: pairSigner)
    }

    /// Has a request answered. A small body is had whole before an instance is asked, and only then does the time for
    /// the answer begin: a slow sender keeps no connection from others. A large one is passed on as it comes.
    /// - Parameters:
    ///   - limit: how long it may take.
    ///   - leased: what asking for an instance gave already, for a request that had come whole.
    ///   - begun: the connection to it over which the request was sent already.
    package func answer(
        _ request: Request, _ context: RequestContext, caller: Caller?, countedAs key: RateKey,
        to upstream: UpstreamService, within limit: TimeLimit, leased: ServiceInstances.LeaseOutcome? = nil,
        begun: ClientConnection? = nil
    ) async -> Response {
        var beginning: [UInt8] = []
        do throws(HTTPFault) {
            if !request.body.isEmpty { beginning = try await request.body.beginning(upTo: Self.heldBytes) }
        } catch {
            Self.abandon(leased, begun, upstream)
            return context.answer(Problem(error))
        }
        guard !request.body.isWhole else {
            let hadCome = request.body.isEmpty || leased != nil
            return await answer(
                request, beginning, context, caller: caller, to: upstream, within: limit,
                since: hadCome ? request.arrived : .now, leased: leased, begun: begun)
        }
        let answered = await uploads.run(of: key) {
            await answer(
                request, beginning, context, caller: caller, to: upstream, within: limit, since: request.arrived)
        }
        return answered
            ?? context.answer(Problem(.rateLimited, "Too many uploads are under way at the same time.", retryAfter: 1))
    }

    private func answer(
        _ request: Request, _ beginning: [UInt8], _ context: RequestContext, caller: Caller?,
        to upstream: UpstreamService, within limit: TimeLimit, since start: MonotonicTime,
        leased: ServiceInstances.LeaseOutcome? = nil, begun: ClientConnection? = nil
    ) async -> Response {
        // What is unlimited has to begin in time.
        let allowed = limit.duration(default: timeout) ?? timeout
        let deadline = Deadline.after(allowed, from: start)
        guard
            let outgoing = outgoing(
                request, beginning, context, caller: caller, by: upstream.pairSigner,
                deadline: limit == .unlimited ? nil : deadline)
        else {
            Self.abandon(leased, begun, upstream)
            return context.answer(.internalError)
        }
        let outcome = await services.sender.send(
            outgoing, to: upstream.instances, deadline: deadline, source: request.body, leased: leased, begun: begun)
        let response = answer(outcome, request, context)
        guard limit == .unlimited, case .answered(let incoming) = outcome else { return response }
        incoming.body.removeDeadline()
        return streams.passing(response, of: incoming.body, context)
    }

    /// What was begun ends here, through no fault of the instance.
    private static func abandon(
        _ leased: ServiceInstances.LeaseOutcome?, _ begun: ClientConnection?, _ upstream: UpstreamService
    ) {
        if case .leased(let lease)? = leased { upstream.instances.released(lease) }
        begun?.close()
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
        case .unreachable, .poolIsFull, .abandoned: context.answer(.unavailable())
        default: context.answer(Problem(.badGateway, "The answer could not be understood."))
        }
    }

    /// - Parameter deadline: sent to the service; nil when there is none.
    private func outgoing(
        _ request: Request, _ beginning: [UInt8], _ context: RequestContext, caller: Caller?,
        by pairSigner: PrincipalSigner.PairSigner, deadline: Deadline?
    ) -> OutgoingRequest? {
        var outgoing = OutgoingRequest(
            forwarding: request, without: Forward.stoppedOfRequests, beginning: beginning)
        let principal = Principal(
            caller: caller, requestID: context.requestID, clientAddress: context.client.description,
            baseURL: context.origin,
            userAgent: Self.userAgent(request.headers["user-agent"]))
        guard
            pairSigner.sign(
                principal, at: context.now, method: request.method.rawValue, target: outgoing.targetText,
                into: &outgoing.headers)
        else { return nil }
        Self.add(left: deadline?.remaining().wholeNanoseconds, context.trace, to: &outgoing.headers)
        return outgoing
    }

    /// How long there is still to answer, where that has an end, and what trace it belongs to.
    static func add(left nanoseconds: Int64?, _ trace: TraceContext, to headers: inout Headers) {
        headers.addLines { block in
            if let nanoseconds {
                block.append(InternalField.deadline)
                block.append(": ")
                block.append(decimal: max(Int(nanoseconds / 1_000_000), 1))
                block.append("\r\n")
            }
            block.append("traceparent: ")
            trace.append(to: &block)
            block.append("\r\n")
        }
    }

    /// What a client calls itself, as far as it is shown to anybody: the principal is a field of the request to the
    /// service, and must not be longer than one may be.
    static func userAgent(_ field: String?) -> String { String((field ?? "").prefix(512)) }

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
