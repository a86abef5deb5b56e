import API
import HTTP
import Lifecycle
package import Net
package import Observability

/// The streams of events that pass through this gateway. Each is told on as it comes, and has no end but its client's,
/// its service's or the gateway's.
package final class PassingStreams: Sendable {
    /// Belongs to one loop.
    private final class Streams: @unchecked Sendable {
        var open: [ObjectIdentifier: PassingStream] = [:]
    }

    private let loops: [EventLoop]
    private let streams: [Streams]
    private let isDraining = Locked(false)
    private let open: Gauge

    package init(_ group: EventLoopGroup, metrics: Metrics) {
        loops = group.loops
        streams = group.loops.map { _ in Streams() }
        open = metrics.gauge("praxis_gateway_streams", "Streams of events that pass through.")
    }

    /// The answer with its stream known here while it lasts, and told of in the log when it is over.
    func passing(_ response: Response, of body: IncomingBody, _ context: RequestContext) -> Response {
        guard case .stream(let length, _) = response.body else { return response }
        let task = TaskContext(requestID: context.requestID, trace: context.trace)
        let status = response.status.code
        var response = response
        response.isEndless = true
        response.body = .stream(length: length) { [self] writer in
            let begin = MonotonicTime.now
            let stream = PassingStream(body, to: writer)
            begun(stream)
            defer {
                ended(stream)
                TaskContext.$current.withValue(task) {
                    log.info("stream ended", ["status": status, "duration_ms": begin.duration(to: .now)])
                }
            }
            try await stream.pass()
        }
        return response
    }

    private func begun(_ stream: PassingStream) {
        streams[stream.loop.index].open[ObjectIdentifier(stream)] = stream
        open.add()
        if isDraining.withLock({ $0 }) { stream.stop() }
    }

    private func ended(_ stream: PassingStream) {
        streams[stream.loop.index].open[ObjectIdentifier(stream)] = nil
        open.subtract()
    }

    /// The gateway stops: all end within that time, one after the other, with `bye`; their clients resume elsewhere.
    package func drain(within time: Duration) {
        isDraining.withLock { $0 = true }
        for (loop, streams) in zip(loops, streams) {
            loop.execute {
                for (index, stream) in streams.open.values.enumerated() {
                    loop.after(time * index / streams.open.count) { stream.stop() }
                }
            }
        }
    }
}
