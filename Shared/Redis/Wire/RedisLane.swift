internal import Kernel
internal import Lifecycle
internal import Net
internal import Observability

/// What one loop holds of Redis: a connection, or the reason why there is none.
@safe final class RedisLane: @unchecked Sendable {
    struct Command: Sendable {
        let words: [RESPArgument]
        let asked: PendingReply<RESPValue>
        let timeout: Duration
    }

    private enum State {
        case off(until: MonotonicTime?)
        case opening([Command])
        case on(RedisLink)
    }

    /// Commands under way or waiting; one more is refused.
    private static let limit = 4096

    let loop: EventLoop
    private let settings: RedisSettings
    private let resolver: Resolver
    private let backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
    private var state = State.off(until: nil)
    private var failures = 0
    private var isClosed = false

    init(loop: EventLoop, settings: RedisSettings, resolver: Resolver) {
        self.loop = loop
        self.settings = settings
        self.resolver = resolver
    }

    var condition: RedisSeat.Condition {
        switch state {
        case .on(let link): link.waitingCount < Self.limit ? .ready : .away
        case .opening: .connecting
        case .off(let until): until.map { loop.now < $0 } == true ? .away : .connecting
        }
    }

    var link: RedisLink? { if case .on(let link) = state { link } else { nil } }

    var timeout: Duration { settings.timeout }

    func submit(_ command: Command) {
        guard command.asked.isAwaited else { return }
        if isClosed { return refuse(command, .closed) }
        switch state {
        case .on(let link):
            if link.waitingCount >= Self.limit { return refuse(command, .busy) }
            send(command, over: link)
        case .opening(let waiting):
            if waiting.count >= Self.limit { return refuse(command, .busy) }
            state = .opening(waiting + [command])
        case .off(let until):
            if let until, .now < until { return refuse(command, .unreachable) }
            state = .opening([command])
            open()
        }
    }

    func close() {
        isClosed = true
        if case .on(let link) = state { link.close() }
        state = .off(until: nil)
    }

    private func send(_ command: Command, over link: RedisLink) {
        let time = MonotonicTime.now
        let asked = command.asked
        asked.onGivingUp = { [timeout = command.timeout] in
            // A caller who was cancelled early says nothing about the server.
            if time.duration(to: .now) >= timeout { link.suspect(since: time) }
        }
        link.send(command.words) { asked.answer($0.mapError { $0 }) }
    }

    private func open() {
        loop.spawn("redis connect") { [self] in
            do {
                opened(try await RedisLink.open(settings, on: loop, resolver: resolver))
            } catch {
                log.warning("redis cannot be reached", ["failures": failures])
                failed()
            }
        }
    }

    private func opened(_ link: RedisLink) {
        guard case .opening(let waiting) = state, !isClosed else { return link.close() }
        // It may have broken behind its first answer, before anybody listened for that.
        if link.isBroken { return failed() }
        failures = 0
        state = .on(link)
        link.onBroken = { [weak self] in self?.state = .off(until: nil) }
        for command in waiting { submit(command) }
    }

    private func failed() {
        guard case .opening(let waiting) = state else { return }
        state = .off(until: .now.advanced(by: backoff.delay(failures, random: .random(in: 0..<1))))
        failures = min(failures + 1, 32)
        for command in waiting { refuse(command, .unreachable) }
    }

    private func refuse(_ command: Command, _ error: RedisError) { command.asked.answer(.failure(error)) }
}
