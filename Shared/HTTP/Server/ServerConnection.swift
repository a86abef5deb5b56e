internal import Lifecycle
internal import Net

/// One client's connection: one task on its loop that reads a request, has it answered, and goes on to the next. Answers to pipelined
/// requests are gathered and leave in one write when there is nothing more to read.
final class ServerConnection: @unchecked Sendable {
    enum Phase {
        case handshake
        /// Between requests: nothing of the next one has come.
        case idle
        case head
        case handling
        case answering
        case over
    }

    let stream: ByteStream
    private let loop: EventLoop
    let shard: ServerShard
    let settings: ServerSettings
    /// Where this connection stands in its shard's table.
    var place = 0
    var task: Task<Void, Never>?
    var phase = Phase.handshake
    /// When the phase has lasted too long.
    var phaseEnd: Int64
    /// When the handler of a client that stopped sending is cancelled.
    var cancelAt = Int64.max
    var fault: HTTPFault?

    /// What its plain requests are tried with first.
    let way: (any FastPath)?
    var course = Course.task
    /// What carries the request that is under way.
    var carried: ClientConnection?
    /// The client sends no more.
    var hasEnded = false

    private(set) var parser: RequestParser
    private var isHeadWhole = false
    private var headFault: MessageFault?
    /// When the head was whole.
    private var arrived: MonotonicTime
    private var headBytes: [UInt8] = []
    private var requests = 0
    private let began: MonotonicTime
    var reading = BodyReading()

    init(_ stream: ByteStream, shard: ServerShard, settings: ServerSettings) {
        self.stream = stream
        loop = stream.loop
        self.shard = shard
        self.settings = settings
        parser = RequestParser(limits: settings.limits.head)
        way = settings.fastPath?(
            FastPathClient(
                remote: stream.peer?.port == nil ? nil : stream.peer, isSecure: settings.tls != nil, loop: stream.loop,
                requestTime: settings.requestTime))
        began = stream.loop.now
        arrived = began
        phaseEnd = began.advanced(by: settings.limits.handshakeTime).nanoseconds
    }

    var now: Int64 { loop.now.nanoseconds }

    // MARK: The conversation

    func serve() async {
        stream.onEnd = { [unowned self] in clientEnded($0) }
        if let way {
            stream.onInput = { [self] in hasReceived() }
            way.onHeard = { [self] in heard() }
        }
        if await secure() {
            enter(.head, for: settings.headTime)
            while await serveNext() {}
        }
        phase = .over
        stream.onInput = nil
        way?.onHeard = nil
        // Lingering is for a moment only: a slow client may need longer for the last of its answers.
        try? await stream.drain(below: 1)
        if stream.isOpen { stream.closeLingering() }
    }

    private func secure() async -> Bool {
        guard let tls = settings.tls else { return true }
        let deadline = Deadline.after(settings.limits.handshakeTime)
        return (try? await stream.secure(tls, deadline: deadline)) != nil
    }

    /// Reads and answers one request; false when the connection is at its end.
    private func serveNext() async -> Bool {
        do throws(MessageFault) {
            while try parseHead() == .needsMore {
                guard await hasTaken() else { return false }
                waitForMore()
                guard await sleep() else {
                    if let fault { await refuse(fault) }
                    return false
                }
            }
            let hasBegun = course == .begun
            course = .task
            let goesOn = await answer(try takeRequest(), hasBegun: hasBegun)
            forgetHead()
            return goesOn
        } catch {
            carried.take()?.close()
            await refuse(.message(error))
            return false
        }
    }

    /// Until more has come, or what came was seen to on the fast path; false when the connection is at its end.
    private func sleep() async -> Bool {
        course = way == nil ? .task : .sleeps
        let hasMore = await stream.fill()
        handOver()
        switch course {
        case .begun: return true
        case .ends: return false
        case .task, .sleeps, .asks, .carries:
            course = .task
            return hasMore
        }
    }

    /// Looks at the head as far as it has come. What was found of a whole one, or a bad one, is said again.
    func parseHead() throws(MessageFault) -> HeadProgress {
        if let headFault { throw headFault }
        if isHeadWhole { return .complete }
        headFault = stream.input.fault { bytes throws(MessageFault) in
            isHeadWhole = try parser.parse(bytes) == .complete
        }
        if let headFault { throw headFault }
        guard isHeadWhole else { return .needsMore }
        requests += 1
        arrived = loop.now
        return .complete
    }

    func forgetHead() {
        isHeadWhole = false
        parser.reset()
    }

    func waitForMore() {
        if stream.available == 0 {
            if requests > 0 { enter(.idle, for: settings.keepAliveIdle) }
        } else if phase != .head {
            enter(.head, for: settings.headTime)
        }
    }

    private func takeRequest() throws(MessageFault) -> Request {
        let head = parser.head
        headBytes.removeAll(keepingCapacity: true)
        stream.input.copy(0..<head.length, to: &headBytes)
        stream.consume(head.length)
        let target = try RequestTarget(head, in: headBytes.span)
        reading = BodyReading(head, at: now, within: settings.bodyTime)
        return Request(
            head: head, target: target, headers: MessageFields(bytes: headBytes, fields: head.fields),
            body: body(head), remote: stream.peer?.port == nil ? nil : stream.peer, isSecure: stream.isSecure,
            arrived: arrived,
            deadline: Deadline(MonotonicTime(nanoseconds: arrived.nanoseconds &+ settings.requestTime)))
    }

    private func body(_ head: RequestHead) -> RequestBody {
        if case .length(let length) = head.framing, length > 0 {
            return RequestBody(length: length, from: self, limit: settings.limits.bodyBytes)
        }
        return head.framing == .chunked
            ? RequestBody(length: nil, from: self, limit: settings.limits.bodyBytes) : .empty
    }

    // MARK: The answer

    private func answer(_ request: Request, hasBegun: Bool) async -> Bool {
        enter(.handling, for: .max)
        if stream.isAtEnd { clientEnded(nil) }
        let response: Response
        if hasBegun, let way {
            response = await way.finish(request, sent: carried.take())
        } else {
            response = await settings.handler(request)
        }
        cancelAt = .max
        defer { request.body.detach() }
        guard stream.isOpen else { return false }
        if let fault = request.body.fault, fault != .answered {
            await refuse(fault)
            return false
        }
        phase = .answering
        // A streamed answer may be made of the request's body: whether that was read is known only behind it.
        let isStreamed = if case .stream = response.body { true } else { false }
        let goesOn = request.head.keepAlive && mayGoOn && !Task.isCancelled && (isStreamed || isBodyDone(request))
        guard await send(response, to: request, keepAlive: goesOn) else { return false }
        guard !isStreamed || isBodyDone(request) else { return false }
        return await hasTaken() && goesOn
    }

    /// Waits while the client is slow to take what it was answered; false when it is to be asked for nothing more: a stop may have
    /// been asked for meanwhile, or while an answer was streamed.
    private func hasTaken() async -> Bool {
        if stream.pending >= ByteStream.highWater { try? await stream.drain() }
        return stream.isOpen && (phase != .answering || !shard.isDraining)
    }

    /// Whether the connection may serve another request, if its client wants that.
    var mayGoOn: Bool {
        !shard.isDraining && requests < settings.limits.keepAliveRequests
            && now &- began.nanoseconds < settings.keepAliveAge
    }

    private func isBodyDone(_ request: Request) -> Bool {
        // What another task waits for is not ours to skip: it would go on with the next request's body.
        request.head.framing.isEmpty || request.body.isAtEnd || (!request.body.isBeingRead && skipBody())
    }

    /// Whether the rest of a body nobody asked for is already here, and out of the way.
    private func skipBody() -> Bool {
        if reading.expectsContinue, !reading.hasSaidContinue { return false }
        while let event = try? reading.parser.step(stream) {
            if event == .end { return true }
            if event == .needsMore { return false }
        }
        return false
    }

    private func send(_ response: Response, to request: Request, keepAlive: Bool) async -> Bool {
        let framing = ResponseEncoder.framing(of: response, to: request.head)
        shard.appendHead(
            response.status, response.headers, framing: framing,
            keepAlive: keepAlive && framing != .untilClose, isOld: request.head.version == .http10, to: &stream.output)
        guard request.method != .head, framing != .none else { return true }
        switch response.body {
        case .none: return true
        case .bytes(let bytes):
            stream.output.append(contentsOf: bytes)
            return true
        case .stream(let length, let produce):
            let writer = BodyWriter(stream, length: length, isChunked: framing == .chunked)
            do {
                try await produce(writer)
                try writer.end()
                return framing != .untilClose
            } catch {
                // Cutting the connection is the only way left to say that the body is not whole.
                if framing != .untilClose || stream.isOpen { stream.close() }
                return false
            }
        }
    }

    /// Answers with the fault and leaves: after it nothing on this connection can be believed.
    private func refuse(_ fault: HTTPFault) async {
        guard stream.isOpen, fault != .disconnected else { return }
        phase = .answering
        let response = settings.refusal(fault)
        let framing = ResponseEncoder.Framing.length(response.body.length ?? 0)
        shard.appendHead(
            response.status, response.headers, framing: framing, keepAlive: false, to: &stream.output)
        if case .bytes(let bytes) = response.body { stream.output.append(contentsOf: bytes) }
    }

    // MARK: What happens beside it

    func enter(_ phase: Phase, for duration: Int64) {
        self.phase = phase
        phaseEnd = duration == .max ? .max : now &+ duration
    }

    private func clientEnded(_ failure: StreamFailure?) {
        hasEnded = true
        handOver()
        if course == .sleeps { course = .task }
        guard phase == .handling || phase == .answering else { return }
        if failure != nil || settings.halfCloseGrace == 0 {
            task?.cancel()
        } else {
            cancelAt = now &+ settings.halfCloseGrace
        }
    }
}
