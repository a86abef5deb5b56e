internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// One connection on its loop. Answers come in the order of the commands; who gave up waiting leaves a placeholder.
@safe final class RedisConnection: PoolConnection, @unchecked Sendable {
    typealias Answer = Result<RESPValue, RedisError>

    private struct Waiter {
        /// Nil after a timeout: the answer is discarded.
        var done: ((Answer) -> Void)?
        let since: MonotonicTime
        /// When it times out; nil where its owner watches the time.
        let until: MonotonicTime?
    }

    /// How exactly lateness is seen.
    private static let tick = Duration.milliseconds(25)

    private let stream: ByteStream
    private let reader: RESPReader
    private var waiters = Fifo<Waiter>()
    private var isTicking = false
    /// Told, on the loop, what came without being asked for: the messages of subscriptions.
    var onPush: ((RESPValue) -> Void)?
    var onBroken: (() -> Void)?
    var poolMember = 0

    private init?(_ stream: ByteStream) {
        guard let reader = RESPReader() else { return nil }
        self.stream = stream
        self.reader = reader
    }

    var isBroken: Bool { !stream.isOpen }
    func isUsable(careful: Bool) -> Bool { stream.isOpen }
    var waitingCount: Int { waiters.count }
    var lastRead: MonotonicTime { stream.lastRead }

    /// Connects, logs in and gets a first answer: a server that accepts but does not speak is not reached.
    static func open(_ settings: RedisSettings, on loop: EventLoop, resolver: Resolver) async throws(RedisError)
        -> RedisConnection
    {
        let deadline = Deadline.after(settings.connectTimeout)
        do {
            let stream = try await connect(settings, on: loop, resolver: resolver, deadline: deadline)
            guard let connection = RedisConnection(stream) else { throw RedisError.unreachable }
            connection.begin()
            do {
                try await connection.greet(settings, on: loop, until: deadline)
            } catch {
                connection.close()
                throw error
            }
            return connection
        } catch let error as RedisError {
            switch error {
            case .refused, .wrongServer: throw error
            default: throw .unreachable
            }
        } catch {
            throw .unreachable
        }
    }

    private static func connect(
        _ settings: RedisSettings, on loop: EventLoop, resolver: Resolver, deadline: Deadline
    ) async throws -> ByteStream {
        switch settings.address {
        case .unix(let path):
            return try await ByteStream.connect(to: .unix(path: path), on: loop, deadline: deadline)
        case .host(let host, let port):
            var failure: any Error = RedisError.unreachable
            for address in try await resolver.addresses(of: host, port: port) {
                do {
                    let stream = try await ByteStream.connect(to: address, on: loop, deadline: deadline)
                    if let tls = settings.tls { try await stream.secure(tls, serverName: host, deadline: deadline) }
                    return stream
                } catch {
                    failure = error
                }
            }
            throw failure
        }
    }

    /// Logs in and learns whether it can be written to; all is asked in one write.
    private func greet(_ settings: RedisSettings, on loop: EventLoop, until deadline: Deadline) async throws {
        let commands = settings.greeting
        _ = try await PendingReply<Bool>.wait(on: loop, until: deadline, late: { RedisError.timedOut }) {
            [self] reply in
            var fault: RedisError?
            for command in commands {
                send(command) { if case .failure(let error) = $0, fault == nil { fault = error } }
            }
            send(ServerRole.question) { answer in
                let fault = fault ?? ServerRole.fault(answer)
                reply.answer(fault.map { .failure($0) } ?? .success(true))
            }
        }
    }

    /// Sends with all else of this turn and waits for the answer.
    func ask(_ words: [RESPArgument], on loop: EventLoop, until deadline: Deadline) async throws -> RESPValue {
        try await PendingReply.wait(on: loop, until: deadline, late: { RedisError.timedOut }) { [self] reply in
            send(words) { reply.answer($0.mapError { $0 }) }
        }
    }

    /// `done` is called after this call, unless the connection lasts and never answers.
    func send(_ words: [RESPArgument], _ done: @escaping (Answer) -> Void) {
        send(until: nil, done) { RESPWriter.append(words, to: &$0) }
    }

    /// Sends what `write` appends, one command; `done` is called within `timeout`, give or take a tick.
    func send(within timeout: Duration, _ done: @escaping (Answer) -> Void, _ write: (inout [UInt8]) -> Void) {
        send(until: stream.loop.now.advanced(by: timeout), done, write)
        tickLater()
    }

    private func send(until: MonotonicTime?, _ done: @escaping (Answer) -> Void, _ write: (inout [UInt8]) -> Void) {
        guard stream.isOpen else { return stream.loop.atEndOfTurn { done(.failure(.unreachable)) } }
        waiters.append(Waiter(done: done, since: stream.loop.now, until: until))
        write(&stream.output)
        stream.flushSoon()
    }

    /// Sends what is answered by pushes.
    func write(_ words: [RESPArgument]) {
        RESPWriter.append(words, to: &stream.output)
        stream.flushSoon()
    }

    func close() {
        onBroken = nil
        breakDown()
    }

    /// A command sent at `time` was not answered in time. When nothing at all came since, the server is stuck or gone.
    func suspect(since time: MonotonicTime) {
        if stream.lastRead < time { breakDown() }
    }

    private func tickLater() {
        guard !isTicking, !waiters.isEmpty else { return }
        isTicking = true
        stream.loop.after(Self.tick) { [weak self] in
            self?.isTicking = false
            self?.giveUpLate()
            self?.tickLater()
        }
    }

    private func giveUpLate() {
        let now = stream.loop.now
        var late: [Waiter] = []
        waiters.change { waiter in
            guard let until = waiter.until, until <= now, waiter.done != nil else { return }
            late.append(waiter)
            waiter.done = nil
        }
        for waiter in late { waiter.done?(.failure(.timedOut)) }
        if let first = late.first { suspect(since: first.since) }
    }

    private func begin() {
        stream.onEnd = { [self] _ in breakDown() }
        stream.onInput = { [self] in
            receive()
            return true
        }
    }

    /// Answers are delivered within the turn in which they arrive.
    private func receive() {
        let count = stream.available
        let isSound = stream.input.withSpan { reader.feed($0) }
        stream.consume(count)
        guard isSound, deliver() else { return breakDown() }
        stream.readOn()
    }

    private func deliver() -> Bool {
        while true {
            switch reader.next() {
            case .needsMore: return true
            case .broken: return false
            case .value(let value):
                guard onPush == nil, let waiter = waiters.popFirst() else {
                    onPush?(value)
                    continue
                }
                if case .refusal(let code, let message) = value {
                    waiter.done?(.failure(.refused(code: code, message: message)))
                    // It was a primary when it was asked; the next connection asks again.
                    if code == "READONLY" { return false }
                } else {
                    waiter.done?(.success(value))
                }
            }
        }
    }

    private func breakDown() {
        stream.close()
        let unanswered = waiters.takeAll()
        let notify = onBroken
        onBroken = nil
        notify?()
        for waiter in unanswered { waiter.done?(.failure(.lost)) }
    }
}

extension RedisSettings {
    var greeting: [[RESPArgument]] {
        var commands: [[RESPArgument]] = []
        if let password {
            let word = RESPArgument(password.expose())
            commands.append(user.map { ["AUTH", RESPArgument($0), word] } ?? ["AUTH", word])
        }
        if database != 0 { commands.append(["SELECT", RESPArgument(database)]) }
        return commands + [["PING"]]
    }
}
