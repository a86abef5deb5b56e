import Kernel
import Lifecycle
import NotifierDomain

/// How many streams there may be, and how long they last; tests make them small.
package struct StreamLimits: Sendable {
    /// Of an account: another ends the oldest.
    package var perAccount = 10
    /// In this process.
    package var inAll = 20_000
    /// A tenth more or less, so that streams opened together do not end together.
    package var lifetime: Duration = .seconds(3600)
    package var tick: Duration = .seconds(1)
    package var ticksPerPing = 15

    package init() {}
}

/// All streams of the process, by account and by ticket, whichever loop they are on.
final class StreamTable: Sendable {
    private struct State {
        var byAccount: [ID<Account>: [LiveStream]] = [:]
        var byTicket: [String: LiveStream] = [:]
        var count = 0
        var isDraining = false
    }

    private let state = Locked(State())
    private let limits: StreamLimits

    init(_ limits: StreamLimits) { self.limits = limits }

    var count: Int { state.withLock { $0.count } }
    var isClosed: Bool { state.withLock { $0.isDraining || $0.count >= limits.inAll } }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    func drain() { state.withLock { $0.isDraining = true } }

    /// Takes the stream in; those that are to be ended for it, which count no more: itself, where its ticket has opened
    /// another meanwhile.
    func insert(_ stream: LiveStream) -> [LiveStream] {
        state.withLock { state in
            state.count += 1
            var replaced: [LiveStream] = []
            if let ticket = stream.owner.ticket {
                let other = state.byTicket[ticket.name]
                if let other, (other.owner.ticket?.opening ?? 0) > ticket.opening { return [stream] }
                state.byTicket[ticket.name] = stream
                if let other { replaced.append(other) }
            }
            var own = (state.byAccount[stream.owner.account] ?? []).filter { $0 !== replaced.first }
            own.append(stream)
            if own.count > limits.perAccount { replaced.append(own.removeFirst()) }
            state.byAccount[stream.owner.account] = own
            return replaced
        }
    }

    func remove(_ stream: LiveStream) {
        state.withLock { state in
            state.count -= 1
            let account = stream.owner.account
            let rest = (state.byAccount[account] ?? []).filter { $0 !== stream }
            state.byAccount[account] = rest.isEmpty ? nil : rest
            if let name = stream.owner.ticket?.name, state.byTicket[name] === stream { state.byTicket[name] = nil }
        }
    }

    /// The account's streams on that loop, the oldest first.
    func streams(of account: ID<Account>, on shard: StreamShard) -> [LiveStream] {
        state.withLock { $0.byAccount[account] ?? [] }.filter { $0.shard === shard }
    }

    /// The stream that the ticket opened, if that was before this opening.
    func stream(by ticket: String, before opening: Int64) -> LiveStream? {
        guard let stream = state.withLock({ $0.byTicket[ticket] }) else { return nil }
        return (stream.owner.ticket?.opening ?? 0) < opening ? stream : nil
    }

    /// Which of the accounts have streams here, by loop.
    func shards(of accounts: [ID<Account>]) -> [(StreamShard, [ID<Account>])] {
        var found: [ObjectIdentifier: (StreamShard, [ID<Account>])] = [:]
        state.withLock { state in
            for account in accounts {
                for shard in state.byAccount[account] ?? [] {
                    found[ObjectIdentifier(shard.shard), default: (shard.shard, [])].1.append(account)
                }
            }
        }
        return Array(found.values)
    }
}
