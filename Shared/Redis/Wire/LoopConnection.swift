internal import Kernel
internal import Lifecycle
internal import Net
internal import Observability
internal import Pooling

/// The connection to Redis that all commands of one loop share, or the reason why there is none.
@safe final class LoopConnection: @unchecked Sendable {
    struct Command: Sendable {
        let words: [RESPArgument]
        let reply: PendingReply<RESPValue>
        let timeout: Duration
    }

    /// Commands under way, or waiting for a connection; one more is refused.
    private static let limit = 4096

    let loop: EventLoop
    private let settings: RedisSettings
    private let resolver: Resolver
    /// Connections of all loops that broke since the start.
    private let breaks: Locked<Int>
    /// What was met instead of a primary when the last connection was opened.
    private var wrongServer: RedisError?
    private lazy var pool = Pool<RedisConnection>(
        .shared(waiters: Self.limit),
        world: .init(
            now: { .now }, alarm: { [loop] time, body in loop.at(Deadline(time), body) },
            open: { [unowned self] then in open(then) }))

    init(loop: EventLoop, settings: RedisSettings, resolver: Resolver, breaks: Locked<Int>) {
        self.loop = loop
        self.settings = settings
        self.resolver = resolver
        self.breaks = breaks
    }

    var condition: LocalRedis.Condition {
        if let current { return current.waitingCount < Self.limit ? .ready : .away }
        return pool.isBlocked ? .away : .connecting
    }

    var current: RedisConnection? { pool.take(careful: false) }

    var timeout: Duration { settings.timeout }

    func submit(_ command: Command) {
        guard command.reply.isAwaited else { return }
        if let current { return send(command, over: current) }
        pool.ask { [self] result in
            switch result {
            case .success(let connection): if command.reply.isAwaited { send(command, over: connection) }
            case .failure(.unreachable): command.reply.answer(.failure(wrongServer ?? .unreachable))
            case .failure(let refusal): command.reply.answer(.failure(RedisError(refusal)))
            }
        }
    }

    func close() { pool.close() }

    private func send(_ command: Command, over connection: RedisConnection) {
        let reply = command.reply
        guard connection.waitingCount < Self.limit else {
            reply.answer(.failure(RedisError.busy))
            return
        }
        let time = MonotonicTime.now
        reply.onGivingUp = { [timeout = command.timeout] in
            // A caller who was cancelled early says nothing about the server.
            if time.duration(to: .now) >= timeout { connection.suspect(since: time) }
        }
        connection.send(command.words) { reply.answer($0.mapError { $0 }) }
    }

    private func open(_ then: @escaping Pool<RedisConnection>.Reply) {
        let reply = OnLoop(then)
        loop.spawn("redis connect") { [self] in
            do throws(RedisError) {
                let connection = try await RedisConnection.open(settings, on: loop, resolver: resolver)
                wrongServer = nil
                // It may have broken behind its first answer, before anybody listened for that.
                if connection.isBroken { return reply.value(.failure(.unreachable)) }
                connection.onBroken = { [weak self, weak connection] in
                    self?.breaks.withLock { $0 &+= 1 }
                    if let connection { self?.pool.lost(connection) }
                }
                reply.value(.success(connection))
            } catch {
                if case .wrongServer(let server) = error {
                    wrongServer = error
                    log.warning("redis is not the primary", ["reason": server.rawValue, "failures": pool.failures])
                } else {
                    wrongServer = nil
                    log.warning("redis cannot be reached", ["failures": pool.failures])
                }
                reply.value(.failure(.unreachable))
            }
        }
    }
}

extension RedisError {
    fileprivate init(_ refusal: PoolRefusal) {
        switch refusal {
        case .busy: self = .busy
        case .timedOut: self = .timedOut
        case .unreachable: self = .unreachable
        case .closed: self = .closed
        }
    }
}
