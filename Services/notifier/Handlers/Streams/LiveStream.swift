import API
package import Kernel
import Lifecycle
import Net
import NotifierDomain
import Observability
import Postgres

/// Who opened a stream.
package struct StreamOwner: Sendable, Equatable {
    package let account: ID<Account>
    package let session: ID<Session>
    /// Nil where it was opened with a bearer token.
    package let ticket: StreamTicketStore.Used?

    package init(account: ID<Account>, session: ID<Session>, ticket: StreamTicketStore.Used? = nil) {
        self.account = account
        self.session = session
        self.ticket = ticket
    }
}

/// One open stream. What can change of it belongs to its loop.
final class LiveStream: @unchecked Sendable {
    let owner: StreamOwner
    let shard: StreamShard
    /// Its place in the order of opening.
    let number: UInt64
    /// When its client is to connect anew.
    let endsAt: MonotonicTime
    /// The last event it told.
    private(set) var position: Int64
    /// What was missed is still being told: a page at a time, as its client reads.
    private(set) var isResuming = false
    private let sink: EventSink<LiveEventView>
    private let opened = MonotonicTime.now
    private var told = 0
    private var reason: ByeReason?

    init(
        _ owner: StreamOwner, number: UInt64, at position: Int64, until end: MonotonicTime, on shard: StreamShard,
        _ sink: EventSink<LiveEventView>
    ) {
        self.owner = owner
        self.number = number
        self.position = position
        self.shard = shard
        self.sink = sink
        endsAt = end
    }

    /// How long a client waits before it connects again.
    private static let retry: Duration = .seconds(3)

    func begin(_ beginning: StreamBeginning) {
        sink.retry(after: Self.retry)
        switch beginning {
        case .resume: isResuming = true
        case .ready(let cursor): sink.send(id: "\(cursor)", name: "ready", json: Array("{}".utf8))
        case .reset(let cursor, let reason):
            sink.send(id: "\(cursor)", name: "reset", json: Array(#"{"reason":"\#(reason.rawValue)"}"#.utf8))
        }
    }

    /// Tells what is new to its client. After a gap, which is left by what was kept too long unread, the client
    /// connects anew and is told so.
    func tell(_ row: LiveRow) {
        guard row.seq > position, reason == nil else { return }
        guard row.seq == position + 1 else { return end(.renew) }
        position = row.seq
        told += 1
        sink.send(id: "\(row.seq)", name: row.name, json: row.body.bytes)
    }

    /// Its client has to read before it is told more of what it missed. What happens now is written at once.
    var isHeldBack: Bool { isResuming && sink.isBehind }

    /// All that was missed has been told.
    func hasResumed() { isResuming = false }

    func ping() { sink.ping() }

    func end(_ reason: ByeReason) {
        guard self.reason == nil else { return }
        self.reason = reason
        sink.end(reason)
    }

    /// The same from any thread.
    func endSoon(_ reason: ByeReason) { shard.loop.execute { [self] in end(reason) } }

    /// The stream is over; why, in a word.
    func hasEnded(_ end: EventStreamEnd) -> String {
        let word = end == .slow ? end.rawValue : reason?.rawValue ?? end.rawValue
        log.info(
            "stream ended", ["reason": word, "events": told, "duration_ms": opened.duration(to: .now)])
        return word
    }
}
