internal import Lifecycle
internal import Net

// What ends a connection from outside: its time, its client, its server.
extension ServerConnection {
    /// Nobody is left to answer: the client's end may have been told before, when there still was somebody.
    func hasClosed() {
        if phase == .handling || phase == .answering { task?.cancel() }
    }

    /// Called by the shard's tick.
    func checkTime(_ now: Int64) {
        if let stalled = stream.stalledSince, now &- stalled.nanoseconds > settings.writeIdle {
            return stream.close(.timedOut)
        }
        if now >= cancelAt {
            cancelAt = .max
            task?.cancel()
        }
        if reading.isTooSlow(now, lastRead: stream.lastRead.nanoseconds, settings) { return interrupt(.tooSlow) }
        guard now >= phaseEnd else { return }
        phaseEnd = .max
        switch phase {
        case .idle: stream.close()
        case .head: stream.available == 0 ? stream.close() : interrupt(.tooSlow)
        case .handshake, .handling, .answering, .over: break
        }
    }

    private func interrupt(_ fault: HTTPFault) {
        if course == .sleeps { course = .task }
        self.fault = fault
        stream.interruptReader()
    }

    /// Ends it as the server does: an idle connection at once, a busy one after its answer.
    func drain() {
        guard phase == .idle || (phase == .head && stream.available == 0) else { return }
        // A slow client may not have taken all of its last answer yet.
        guard stream.pending == 0 else { return stream.closeLingering(settings.limits.drain) }
        // A request may be on its way just now: closing at once would lose it, and its sender could not know whether it
        // was begun. What comes within the grace is answered, and told that it was the last.
        phaseEnd = min(phaseEnd, now &+ settings.idleDrain)
    }

    func abort() {
        task?.cancel()
        stream.close()
    }
}
