import API
import HTTP
import Lifecycle
import Net

/// One stream of events between whoever feeds it and its connection's task, which sleeps until it is over. All of it
/// happens on the connection's loop.
final class EventChannel: EventOutput, @unchecked Sendable {
    /// The client took nothing for so long that it is better off resuming.
    struct TooSlow: Error {}

    /// Bytes that may wait for a client.
    static let backlog = 262_144

    private let writer: BodyWriter
    private var outcome: Result<Void, any Error>?
    private var waiter: CheckedContinuation<Void, any Error>?

    init(_ writer: BodyWriter) { self.writer = writer }

    func write(_ bytes: [UInt8]) {
        writer.loop.execute { [self] in
            guard outcome == nil else { return }
            if !writer.send(bytes, backlog: Self.backlog) { finish(.failure(TooSlow())) }
        }
    }

    var isBehind: Bool { writer.isBehind }

    func end() {
        writer.loop.execute { [self] in finish(.success(())) }
    }

    /// Returns when the stream was ended; throws when its client is gone, or too slow.
    func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let outcome { return continuation.resume(with: outcome) }
                waiter = continuation
            }
        } onCancel: {
            writer.loop.execute { [self] in finish(.failure(CancellationError())) }
        }
    }

    private func finish(_ outcome: Result<Void, any Error>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        waiter.take()?.resume(with: outcome)
    }

    /// The answer that opens the stream: never kept, never gathered by what stands between (nginx reads
    /// `X-Accel-Buffering`).
    static func response(
        _ subscribe: @escaping @Sendable (any EventOutput) -> @Sendable (EventStreamEnd) -> Void
    ) -> Response {
        var response = Response(
            .ok,
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
            ],
            body: .stream { writer in
                // The client learns that the stream is open, though no event may come for a while.
                writer.flush()
                let channel = EventChannel(writer)
                let unsubscribe = subscribe(channel)
                do {
                    try await channel.wait()
                } catch {
                    unsubscribe(error is TooSlow || writer.hasStalled ? .slow : .left)
                    throw error
                }
                unsubscribe(.ended)
            })
        response.isEndless = true
        return response
    }
}
