package import HTTP
package import Kernel
package import Lifecycle
package import Observability

/// Sends a request to an instance of its service, and to a second one where the first got nothing or where asking twice
/// is safe. What the instance is to blame for counts against it; what the sender of the request did never does.
package struct InstanceSender: Sendable {
    package let client: HTTPClient
    private let retries: Counter

    /// What became of a request, whichever instance was asked.
    package enum Outcome: Sendable {
        case answered(IncomingResponse)
        case failed(ClientFault)
        case circuitOpen(until: Instant)
        case noInstance
    }

    package init(client: HTTPClient, metrics: Metrics) {
        self.client = client
        retries = metrics.counter(
            "praxis_instance_retries_total", "Requests sent to a second instance of their service.")
    }

    /// - Parameters:
    ///   - source: the body of a client's that is passed on; nil when the request's body is our own.
    ///   - leased: what asking for an instance gave already.
    ///   - begun: the connection to it over which the request was sent already.
    package func send(
        _ request: OutgoingRequest, to instances: ServiceInstances, deadline: Deadline, source: RequestBody? = nil,
        leased: ServiceInstances.LeaseOutcome? = nil, begun: ClientConnection? = nil
    ) async -> Outcome {
        switch leased ?? instances.lease() {
        case .circuitOpen(let until): return .circuitOpen(until: until)
        case .noInstance: return .noInstance
        case .leased(let lease):
            let first = await send(request, by: lease, of: instances, deadline, source, begun)
            guard !deadline.isPast(), let retry = Self.retry(request, after: first, source),
                let other = instances.leaseAnother(than: lease, isFree: retry == .free)
            else { return first }
            retries.add()
            let second = await send(request, by: other, of: instances, deadline, source, nil)
            // Found to hang as well: the first may have been well all the time, and only slow to be checked.
            if case .failed(.abandoned) = second, !deadline.isPast(),
                let again = instances.leaseAnother(than: other, isFree: true)
            {
                return await send(request, by: again, of: instances, deadline, source, nil)
            }
            return Self.chosen(first, second)
        }
    }

    private func send(
        _ request: OutgoingRequest, by lease: ServiceInstances.Lease, of instances: ServiceInstances,
        _ deadline: Deadline, _ source: RequestBody?, _ begun: ClientConnection?
    ) async -> Outcome {
        do throws(ClientFault) {
            let answer = try await client.send(request, to: lease.upstream, deadline: deadline, begun: begun)
            switch answer.status.code {
            case 504 where source?.isWhole == false: instances.released(lease)
            // What a service itself refuses for want of its database says that the instance lives.
            case 502, 504: instances.failed(lease)
            default: instances.succeeded(lease)
            }
            return .answered(answer)
        } catch {
            if Self.isSendersDoing(error, source) {
                instances.released(lease)
            } else {
                instances.failed(lease, unreachable: error == .unreachable)
            }
            return .failed(error)
        }
    }

    /// A client that breaks its body off or is slow to send it, or makes an instance answer with a head larger than we
    /// read, must not put the service out of everybody's reach.
    private static func isSendersDoing(_ fault: ClientFault, _ source: RequestBody?) -> Bool {
        if let source, source.fault != nil || (fault == .timedOut && !source.isWhole) { return true }
        switch fault {
        // Nothing to blame the instance for anew: its health check has done so.
        case .abandoned, .cancelled, .badResponse(.fieldTooLong), .badResponse(.tooManyFields), .bodyTooLarge:
            return true
        default: return false
        }
    }

    private enum Retry {
        /// Nothing was sent: nothing can have happened, whatever the method.
        case free
        case budgeted
    }

    private static func retry(_ request: OutgoingRequest, after first: Outcome, _ source: RequestBody?) -> Retry? {
        guard source?.fault == nil else { return nil }
        switch first {
        case .failed(.unreachable): return .free
        // An instance that answers nobody leaves another what it had to do.
        case .failed(.abandoned): return isSafe(request) ? .free : nil
        case .failed(.lost), .failed(.poolIsFull): return isSafe(request) ? .budgeted : nil
        case .failed(.badResponse(let fault)):
            return isSafe(request) && fault != .fieldTooLong && fault != .tooManyFields ? .budgeted : nil
        case .answered(let answer): return answer.status == .unavailable && isSafe(request) ? .budgeted : nil
        case .failed, .circuitOpen, .noInstance: return nil
        }
    }

    private static func isSafe(_ request: OutgoingRequest) -> Bool {
        if case .none = request.body { request.method.isSafe } else { false }
    }

    /// The second outcome, unless it is a failure and the first one says more.
    private static func chosen(_ first: Outcome, _ second: Outcome) -> Outcome {
        guard case .failed(let fault) = second else { return second }
        log.warning("a second instance did not answer either", ["reason": fault.code])
        if case .failed(.unreachable) = first { return second }
        if case .failed(.abandoned) = first { return second }
        return first
    }
}
