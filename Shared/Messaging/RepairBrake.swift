import Lifecycle

/// Whether a relay may send its Redis again what is not there: a machine without connections. Once is the repair of a
/// loss. When it has been done, the server is the same and has lost nothing since, and yet the outbox tells of entries
/// beyond its stream, then another relay sends to another Redis, and each would undo the other's work for ever.
struct RepairBrake: Sendable {
    /// The server as it was when last repaired or added to.
    private struct Known {
        let server: String
        /// Where its stream ended.
        var end: StreamID
        /// The newest entry the outbox told of.
        var sent: StreamID
    }

    enum Verdict: Sendable, Equatable {
        case repair
        /// Not before `after`: to be logged.
        case refuse(after: Duration)
        /// Refused before, and not yet to be tried again.
        case wait
    }

    /// From refusal to refusal twice as long. Tried again at all, since the other relay may be gone.
    static let shortest: Duration = .seconds(10)
    static let longest: Duration = .seconds(60)

    private var known: Known?
    private var pause = shortest
    private var refusedUntil: MonotonicTime?

    /// The stream ends at `end`, before `sent`, the newest entry of the outbox.
    /// - Parameter server: the id of the server's process; empty when it does not tell.
    mutating func lost(server: String, end: StreamID, sent: StreamID, at now: MonotonicTime) -> Verdict {
        guard let known, !server.isEmpty, known.server == server, known.end <= end else {
            self.known = Known(server: server, end: end, sent: sent)
            refusedUntil = nil
            pause = Self.shortest
            return .repair
        }
        guard known.sent < sent else {
            // The next step of the same repair: the newest are marked first, so the outbox tells of less each time.
            self.known?.sent = sent
            refusedUntil = nil
            return .repair
        }
        guard let until = refusedUntil else {
            let after = pause
            refusedUntil = now.advanced(by: after)
            pause = min(pause * 2, Self.longest)
            return .refuse(after: after)
        }
        if now < until { return .wait }
        self.known = Known(server: server, end: end, sent: sent)
        refusedUntil = nil
        return .repair
    }

    /// Entries up to this one were added.
    mutating func added(upTo last: StreamID) {
        known?.end = last
        known?.sent = last
        refusedUntil = nil
    }
}
