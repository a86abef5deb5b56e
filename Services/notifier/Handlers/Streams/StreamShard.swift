import API
import Kernel
import Lifecycle
import Net
import NotifierDomain
import Observability

/// The streams of one loop: one timer for the pings of all, one question for the events of all that were woken.
final class StreamShard: @unchecked Sendable {
    let loop: EventLoop
    private let live: LiveStore
    private let tickets: StreamTicketStore
    private let table: StreamTable
    private let limits: StreamLimits
    /// Streams by the tick at which they are pinged.
    private var wheel: [[UInt64: LiveStream]]
    private var slot = 0
    private var count = 0
    private var isTicking = false
    private var isReading = false
    /// Accounts that may have new events, and streams whose session or ticket may be over.
    private var woken: Set<ID<Account>> = []
    private var unchecked: [UInt64: StreamOwner] = [:]
    /// Accounts with a stream whose client has to read first: they are woken at the next tick.
    private var heldBack: Set<ID<Account>> = []

    init(_ loop: EventLoop, live: LiveStore, tickets: StreamTicketStore, table: StreamTable, limits: StreamLimits) {
        self.loop = loop
        self.live = live
        self.tickets = tickets
        self.table = table
        self.limits = limits
        wheel = Array(repeating: [:], count: max(limits.ticksPerPing, 1))
    }

    /// The tick at which the stream is pinged, for its removal.
    func add(_ stream: LiveStream) -> Int {
        wheel[slot][stream.number] = stream
        count += 1
        tickLater()
        // What was numbered, and what ended, between its beginning and now woke nobody.
        lookAt(CollectionOfOne(stream))
        read()
        return slot
    }

    func remove(_ stream: LiveStream, pingedAt slot: Int) {
        if wheel[slot].removeValue(forKey: stream.number) != nil { count -= 1 }
    }

    func wake(_ accounts: some Sequence<ID<Account>>) {
        woken.formUnion(accounts)
        read()
    }

    /// Anything may have been missed.
    func wakeAll() {
        for streams in wheel { lookAt(streams.values) }
        read()
    }

    func end(_ sessions: Set<ID<Session>>) {
        for streams in wheel {
            for stream in streams.values where sessions.contains(stream.owner.session) { stream.end(.sessionEnded) }
        }
    }

    /// Ends those that were opened by a ticket before its latest opening.
    private func end(before openings: [String: Int64]) {
        for streams in wheel {
            for stream in streams.values {
                guard let ticket = stream.owner.ticket, let latest = openings[ticket.name] else { continue }
                if ticket.opening < latest { stream.end(.replaced) }
            }
        }
    }

    /// Ends all, a part at a time, so that not all clients connect anew in the same moment.
    func drain(within time: Duration) {
        for (index, streams) in wheel.enumerated() {
            loop.after(time * index / wheel.count) { for stream in streams.values { stream.end(.shutdown) } }
        }
    }

    // MARK: Time

    private func tickLater() {
        guard !isTicking, count > 0 else { return }
        isTicking = true
        loop.after(limits.tick) { [self] in
            isTicking = false
            tick()
            tickLater()
        }
    }

    /// A lost notification costs a round of the wheel, not an event.
    private func tick() {
        slot = (slot + 1) % wheel.count
        let (now, due) = (loop.now, wheel[slot].values)
        for stream in due {
            if now >= stream.endsAt { stream.end(.renew) } else { stream.ping() }
        }
        lookAt(due)
        woken.formUnion(heldBack)
        heldBack = []
        read()
    }

    private func lookAt(_ streams: some Sequence<LiveStream>) {
        for stream in streams {
            woken.insert(stream.owner.account)
            unchecked[stream.number] = stream.owner
        }
    }

    // MARK: Events

    /// One reading at a time; who is woken meanwhile is asked for in the next.
    private func read() {
        guard !isReading, !woken.isEmpty else { return }
        isReading = true
        loop.spawn("live events") { [self] in
            while !woken.isEmpty, await readOnce() {}
            isReading = false
        }
    }

    /// False when the database did not answer: the next tick asks again.
    private func readOnce() async -> Bool {
        let (accounts, owners) = (woken, unchecked)
        woken = []
        unchecked = [:]
        do {
            try await check(owners.values)
            let positions = positions(of: accounts)
            if !positions.isEmpty { deliver(try await live.events(behind: positions), behind: positions) }
            return true
        } catch {
            woken.formUnion(accounts)
            unchecked.merge(owners) { owner, _ in owner }
            log.warning("streams could not be read", ["error": String(describing: type(of: error))])
            return false
        }
    }

    /// Ends the streams whose session is over, or whose ticket has opened another.
    private func check(_ owners: some Sequence<StreamOwner>) async throws {
        let sessions = Set(owners.map(\.session))
        let ended = Set(try await tickets.ended(of: Array(sessions)))
        if !ended.isEmpty { end(ended) }
        let used = owners.compactMap(\.ticket)
        let openings = try await tickets.openings(of: Set(used.map(\.name)))
        if !openings.isEmpty { end(before: openings) }
    }

    /// The number behind which each account that has streams here is read.
    private func positions(of accounts: Set<ID<Account>>) -> [ID<Account>: Int64] {
        var positions: [ID<Account>: Int64] = [:]
        for account in accounts {
            let streams = table.streams(of: account, on: self)
            let ready = streams.filter { !$0.isHeldBack }
            if ready.count < streams.count { heldBack.insert(account) }
            positions[account] = ready.map(\.position).min()
        }
        return positions
    }

    /// A stream that was opened meanwhile, further behind, has woken its account and is read for in the next round.
    private func deliver(_ rows: [LiveRow], behind positions: [ID<Account>: Int64]) {
        var rest = rows[...]
        while let account = rest.first?.account {
            let own = rest.prefix { $0.account == account }
            rest = rest.dropFirst(own.count)
            let asked = positions[account] ?? .max
            for stream in table.streams(of: account, on: self) where stream.position >= asked && !stream.isHeldBack {
                for row in own { stream.tell(row) }
                if own.count < LiveStore.page { stream.hasResumed() }
            }
            if own.count == LiveStore.page { woken.insert(account) }
        }
    }
}
