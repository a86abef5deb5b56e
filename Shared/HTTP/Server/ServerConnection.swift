internal import Lifecycle
internal import Net

/// One client's connection: it does what its `ConnectionMachine` decides. Its task, on its loop, reads a request, has
/// it answered, and goes on to the next. Answers to pipelined requests are gathered and leave in one write when there
/// is nothing more to read.
final class ServerConnection: @unchecked Sendable {
    let stream: ByteStream
    private let loop: EventLoop
    let shard: ServerShard
    let settings: ServerSettings
    /// Its position in its shard's table.
    var index = 0
    var task: Task<Void, Never>?
    var machine: ConnectionMachine
    var parser: RequestParser
    var body = IncomingRequestBody()
    /// When the last head was whole.
    private var arrived: MonotonicTime
    private var headBytes: [UInt8] = []

    let fastPath: (any FastPath)?
    /// What the request that is on the fast path was sent over.
    var upstream: ClientConnection?

    init(_ stream: ByteStream, shard: ServerShard, settings: ServerSettings) {
        self.stream = stream
        loop = stream.loop
        self.shard = shard
        self.settings = settings
        parser = RequestParser(limits: settings.limits.head)
        arrived = stream.loop.now
        fastPath = settings.fastPath?(
            FastPathClient(
                remote: Self.remote(stream), isSecure: settings.tls != nil, loop: stream.loop))
        machine = ConnectionMachine(
            settings.connection, hasFastPath: settings.fastPath != nil, isDraining: shard.isDraining,
            at: stream.loop.now.nanoseconds)
    }

    var now: Int64 { loop.now.nanoseconds }

    /// A unix socket has no address.
    private static func remote(_ stream: ByteStream) -> SocketAddress? {
        stream.peer?.port == nil ? nil : stream.peer
    }

    // MARK: The task

    func serve() async {
        listen()
        let isSecured = await secure()
        await proceed(machine.task(.secured(isSecured), at: now))
    }

    /// Goes on until the connection ends, or another task goes on.
    func proceed(_ first: ConnectionMachine.TaskAction) async {
        var action = first
        while true {
            switch action {
            case .parse: action = machine.task(.parsed(parseHead()), at: now)
            case .sleep:
                let hasMore = await stream.fill()
                action = machine.task(.woken(hasMore: hasMore), at: now)
            case .answer(let isBegun):
                let next = await answer(isBegun: isBegun)
                parser.reset()
                guard let next else { return }
                action = next
            case .awaitTaken:
                try? await stream.drain()
                action = machine.task(.taken(isOpen: stream.isOpen), at: now)
            case .refuse(let fault):
                refuse(fault)
                return await end()
            case .respond, .end: return await end()
            }
        }
    }

    private func secure() async -> Bool {
        guard let tls = settings.tls else { return true }
        let deadline = Deadline.after(settings.limits.handshakeTime)
        return (try? await stream.secure(tls, deadline: deadline)) != nil
    }

    private func end() async {
        stream.onInput = nil
        fastPath?.onReply = nil
        // Lingering is for a moment only: a slow client may need longer for the last of its answers.
        try? await stream.drain(below: 1)
        if stream.isOpen { stream.closeLingering() }
    }

    /// Looks at the head as far as it has come.
    func parseHead() -> ConnectionMachine.HeadResult {
        guard stream.available > 0 else { return .needsMore(hasInput: false) }
        var isWhole = false
        let fault = stream.input.fault { bytes throws(MessageFault) in
            isWhole = try parser.parse(bytes) == .complete
        }
        if let fault { return .fault(fault) }
        guard isWhole else { return .needsMore(hasInput: true) }
        arrived = loop.now
        return .complete(isPlain: parser.head.isPlain, keepsAlive: parser.head.keepAlive)
    }

    // MARK: The answer

    /// Nil when another task goes on.
    private func answer(isBegun: Bool) async -> ConnectionMachine.TaskAction? {
        let request: Request
        do throws(MessageFault) {
            request = try takeRequest()
        } catch {
            takeUpstream()?.close()
            return machine.task(.targetRefused(error), at: now)
        }
        let response: Response
        if isBegun, let fastPath {
            response = await fastPath.finish(request, sent: takeUpstream())
        } else {
            response = await settings.handler(request)
        }
        defer { request.body.detach() }
        let action = machine.task(.handled(bodyFault: request.body.fault, isOpen: stream.isOpen), at: now)
        guard case .respond(let mayKeepAlive) = action else { return action }
        if response.isEndless { return begin(response, to: request) }
        return await respond(response, to: request, mayKeepAlive: mayKeepAlive)
    }

    /// Nothing of the request is needed any more.
    func releaseRequest() {
        headBytes = []
        parser = RequestParser(limits: settings.limits.head)
    }

    private func takeRequest() throws(MessageFault) -> Request {
        let head = parser.head
        headBytes.removeAll(keepingCapacity: true)
        stream.input.copy(0..<head.length, to: &headBytes)
        stream.consume(head.length)
        let target = try RequestTarget(head, in: headBytes.span)
        body = IncomingRequestBody(head.framing)
        machine.body = BodyTimer(expectsContinue: head.expectsContinue, timeout: settings.bodyTime)
        return Request(
            head: head, target: target, headers: MessageFields(bytes: headBytes, fields: head.fields),
            body: requestBody(head), remote: Self.remote(stream), isSecure: stream.isSecure, arrived: arrived,
            deadline: Deadline(MonotonicTime(nanoseconds: arrived.nanoseconds &+ settings.requestTime)))
    }

    private func requestBody(_ head: RequestHead) -> RequestBody {
        if case .length(let length) = head.framing, length > 0 {
            return RequestBody(length: length, from: self, limit: settings.limits.bodyBytes)
        }
        return head.framing == .chunked
            ? RequestBody(length: nil, from: self, limit: settings.limits.bodyBytes) : .empty
    }

    private func respond(
        _ response: Response, to request: Request, mayKeepAlive: Bool
    ) async -> ConnectionMachine.TaskAction {
        // A streamed answer may be made of the request's body: whether that was read is known only behind it.
        let isStreamed = if case .stream = response.body { true } else { false }
        let keepsAlive = mayKeepAlive && !Task.isCancelled && (isStreamed || isBodyDone(request))
        let isSent = await send(response, to: request, keepAlive: keepsAlive)
        let canStay = isSent && keepsAlive && (!isStreamed || isBodyDone(request)) && stream.isOpen
        return machine.task(
            .responded(canStay: canStay, hasBacklog: stream.pending >= ByteStream.highWater), at: now)
    }

    private func isBodyDone(_ request: Request) -> Bool {
        // What another task waits for is not ours to skip: it would go on with the next request's body.
        request.head.framing.isEmpty || request.body.isAtEnd || (!request.body.isBeingRead && skipBody())
    }

    private func send(_ response: Response, to request: Request, keepAlive: Bool) async -> Bool {
        let framing = ResponseEncoder.framing(of: response, to: request.head)
        if case .bytes(let bytes) = response.body { makeRoom(for: bytes.count) }
        shard.appendHead(
            response.status, response.headers, framing: framing,
            keepAlive: keepAlive && framing != .untilClose, isOld: request.head.version == .http10, to: &stream.output)
        guard request.method != .head, framing != .none else { return true }
        switch response.body {
        case .none: return true
        case .bytes(let bytes) where bytes.count <= ByteStream.highWater:
            stream.output.append(contentsOf: bytes)
            return true
        case .bytes(let bytes):
            // A client that does not read must not have the whole copied into its output.
            return await send(length: bytes.count, framing) { writer in
                for start in stride(from: 0, to: bytes.count, by: ByteStream.highWater) {
                    try await writer.write(Array(bytes[start...].prefix(ByteStream.highWater)))
                }
            }
        case .stream(let length, let produce): return await send(length: length, framing, produce)
        }
    }

    /// Room at once for an answer whose body has so many bytes, head included, where nothing waits to be sent.
    func makeRoom(for count: Int) {
        guard stream.output.isEmpty else { return }
        stream.output.reserveCapacity(min(count, ByteStream.highWater) &+ Self.headRoom)
    }

    /// Bytes of a head; a longer one takes more memory as it grows.
    private static let headRoom = 1_024

    func send(
        length: Int?, _ framing: ResponseEncoder.Framing, _ produce: (BodyWriter) async throws -> Void
    ) async -> Bool {
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

    private func refuse(_ fault: HTTPFault) {
        guard stream.isOpen, fault != .disconnected else { return }
        let response = settings.refusal(fault)
        let framing = ResponseEncoder.Framing.length(response.body.length ?? 0)
        shard.appendHead(
            response.status, response.headers, framing: framing, keepAlive: false, to: &stream.output)
        if case .bytes(let bytes) = response.body { stream.output.append(contentsOf: bytes) }
    }
}
