import API
import HTTP
import Net

/// One stream of events that passes through as it comes. It belongs to its connection's loop.
final class PassingStream: @unchecked Sendable {
    private let body: IncomingBody
    private let writer: BodyWriter
    /// The last two bytes that passed: an event ends with an empty line.
    private var last: (UInt8, UInt8) = (0x0A, 0x0A)
    private var isStopping = false

    init(_ body: IncomingBody, to writer: BodyWriter) {
        self.body = body
        self.writer = writer
    }

    var loop: EventLoop { writer.loop }

    private var isBetweenEvents: Bool { last == (0x0A, 0x0A) }

    /// Returns when the service has ended the stream, or it was stopped here.
    func pass() async throws {
        // Of a stream nothing may come for long: its client is to see that it is open.
        writer.flush()
        while !(isStopping && isBetweenEvents), let part = try await body.next() {
            for byte in part.suffix(2) { last = (last.1, byte) }
            try await writer.write(part)
        }
        // What is half passed is thrown away by its client, and comes again when it resumes.
        if isStopping, isBetweenEvents { try await writer.write(ByeReason.shutdown.event) }
    }

    /// Ends the stream behind the event that is passing.
    func stop() {
        isStopping = true
        if isBetweenEvents { body.stop() }
    }
}
