internal import Lifecycle
internal import Net
internal import Pooling

/// One connection to an upstream: one exchange at a time, and back to its pool when an answer ended cleanly.
package final class ClientConnection: PoolConnection, @unchecked Sendable {
    let stream: ByteStream
    private let owner: UpstreamConnections
    package var poolMember = 0
    private(set) var isReused = false
    private(set) var deadline = Int64.max
    /// The exchange only reads, so that another may be asked instead.
    private var isSafe = false

    /// Who copies the answer within the turn; nil while a task waits for it, or nobody.
    var receiver: ServerConnection?
    private var exchange = 0
    private var bytesBefore = 0
    var parser: ResponseParser
    /// The answer's head is whole, or can never be: looked at before the task that waits for it was there.
    var isHeadWhole = false
    var headFault: MessageFault?
    /// Bytes of the whole answer that is to be copied; 0 for one that is not.
    var wholeCount = 0
    private var body = BodyParser(.none)
    private var keepsAlive = false
    private var upload: Task<Void, Never>?
    /// It has left its pool, and ends with this exchange.
    private var isReleased = false
    /// Nobody wants the rest of the answer.
    private var isStopped = false
    private var isSending = false

    init(_ stream: ByteStream, of owner: UpstreamConnections) {
        self.stream = stream
        self.owner = owner
        parser = ResponseParser(answering: .get, limits: owner.limits.head)
        stream.onClose = { [self] in owner.ended(self) }
        stream.onInput = { [self] in hasReceived() }
        listenForEnd()
    }

    /// The end is reported once; a connection whose peer closed its half is checked again before each use.
    func listenForEnd() {
        guard stream.onEnd == nil else { return }
        stream.onEnd = { [self] failure in
            if let receiver { return receiver.upstreamInterrupted() }
            if failure == nil, owner.pool.isIdle(self) { close() }
        }
    }

    package func isUsable(careful: Bool) -> Bool {
        stream.isOpen && !stream.isAtEnd && stream.available == 0 && !(careful && stream.isReadable)
    }

    var hasReceivedNothing: Bool { stream.bytesRead == bytesBefore }

    // MARK: The exchange

    func ask(_ request: OutgoingRequest, of upstream: Upstream, deadline: Deadline) async throws(ClientFault)
        -> IncomingResponse
    {
        begin(request.method, until: deadline.time.nanoseconds)
        send(request, to: upstream)
        return try await answer(to: request.method)
    }

    /// What stands before every exchange: nothing of the one before is left.
    func begin(_ method: Method, until deadline: Int64) {
        exchange &+= 1
        self.deadline = deadline
        isSafe = method.isSafe
        bytesBefore = stream.bytesRead
        owner.tickLater()
        parser.reset(answering: method)
        isHeadWhole = false
        headFault = nil
        wholeCount = 0
    }

    /// Ends a read of which no answer has come: whoever waits for it is told so, and may ask elsewhere.
    func abandonRead() {
        if isSafe, deadline < .max, hasReceivedNothing, !owner.pool.isIdle(self) { stream.close(.abandoned) }
    }

    /// Leaves its pool: an exchange that may take long keeps no connection from others.
    func release() {
        isReleased = true
        owner.release(self)
    }

    /// The rest of the answer may take as long as both sides like, and most of that time nothing comes.
    func removeDeadline() {
        deadline = .max
        release()
        parser = ResponseParser(answering: .get, limits: owner.limits.head)
        stream.releaseMemory()
    }

    /// Waits for the answer to what was sent.
    func answer(to method: Method) async throws(ClientFault) -> IncomingResponse {
        let number = exchange
        let fault = await withTaskCancellationHandler { () async -> ClientFault? in
            await readHead()
        } onCancel: {
            stream.loop.execute { [self] in if exchange == number { stream.close(.cancelled) } }
        }
        if let fault { throw fault }
        return try receive(parser.head, method: method)
    }

    private func send(_ request: OutgoingRequest, to upstream: Upstream) {
        request.appendHead(for: upstream, to: &stream.output)
        switch request.body {
        case .none: break
        case .bytes(let bytes): stream.output.append(contentsOf: bytes)
        case .stream(let length, let produce):
            release()
            isSending = true
            let writer = BodyWriter(stream, length: length, isChunked: request.isChunked)
            upload = stream.loop.spawn("upload") { [self] in await send(writer, produce) }
            return
        }
        // All requests of this turn leave before any answer is awaited; each connection has only one.
        stream.flushSoon()
    }

    private func send(_ writer: BodyWriter, _ produce: @Sendable (BodyWriter) async throws -> Void) async {
        do {
            try await produce(writer)
            try writer.end()
            isSending = false
            stream.flushSoon()
        } catch {
            // The upstream must not take half a body for a whole one.
            if !Task.isCancelled { stream.close(.closed) }
        }
    }

    /// Looks at the answer's head as far as it has come; whether it is whole, or can never be (`headFault`).
    func parseHead() -> Bool {
        if isHeadWhole { return true }
        headFault = stream.input.fault { bytes throws(MessageFault) in
            isHeadWhole = try parser.parse(bytes) == .complete
        }
        if headFault != nil { isHeadWhole = true }
        return isHeadWhole
    }

    /// What went wrong, when something did; else the head is the parser's.
    private func readHead() async -> ClientFault? {
        while !parseHead() {
            guard await stream.wait() else { return lost }
        }
        if let headFault { return .badResponse(headFault) }
        return isShort ? lost : nil
    }

    /// The answer that was to be copied whole never will be.
    private var isShort: Bool { stream.available < wholeCount && (stream.isAtEnd || !stream.isOpen) }

    private func receive(_ head: ResponseHead, method: Method) throws(ClientFault) -> IncomingResponse {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.length)
        stream.input.copy(0..<head.length, to: &bytes)
        stream.consume(head.length)
        body = BodyParser(head.framing)
        keepsAlive = head.keepAlive
        let fields = MessageFields(bytes: bytes, fields: head.fields)
        var first: [UInt8] = []
        let isWhole: Bool
        do throws(MessageFault) { isWhole = try body.gather(stream, into: &first) } catch { throw .badResponse(error) }
        let isEarly = isSending
        let length = Self.length(head, fields, method)
        let incoming =
            isWhole
            ? IncomingBody(whole: first, length: length ?? first.count)
            : IncomingBody(length: length, first: first, rest: self)
        if isWhole { finish() }
        return IncomingResponse(head: head, headers: fields, body: incoming, isEarly: isEarly)
    }

    /// HEAD is answered with the length of what GET would bring.
    private static func length(_ head: ResponseHead, _ fields: MessageFields, _ method: Method) -> Int? {
        if case .length(let length) = head.framing { return length }
        return method == .head ? fields[.contentLength].flatMap { Int($0) } : nil
    }

    /// The next part of the answer's body; `nil` at its end, when the connection has gone back to its pool.
    func nextPart() async throws(ClientFault) -> [UInt8]? {
        let number = exchange
        let outcome = await withTaskCancellationHandler { () async -> Result<[UInt8]?, ClientFault> in
            do throws(ClientFault) { return .success(try await readPart()) } catch { return .failure(error) }
        } onCancel: {
            stream.loop.execute { [self] in if exchange == number { stream.close(.cancelled) } }
        }
        return try outcome.get()
    }

    private func readPart() async throws(ClientFault) -> [UInt8]? {
        var part: [UInt8] = []
        while true {
            let isWhole: Bool
            do throws(MessageFault) {
                isWhole = try body.gather(stream, into: &part)
            } catch {
                stream.close()
                throw .badResponse(error)
            }
            if !part.isEmpty { return part }
            if isWhole {
                finish()
                return nil
            }
            if !isStopped, await stream.wait() { continue }
            if isStopped {
                close()
                return nil
            }
            guard stream.isOpen, body.mayCloseNow else { throw lost }
            finish()
            return nil
        }
    }

    /// Whoever reads the answer is told that it ends here.
    func stop() {
        isStopped = true
        stream.interruptReader()
    }

    /// The answer has been copied: the connection may serve again.
    func finishCopied() {
        keepsAlive = parser.head.keepAlive
        stream.consume(wholeCount)
        finish()
    }

    /// The answer is whole: the connection may serve again, unless something is left over on either side.
    private func finish() {
        exchange &+= 1
        deadline = .max
        isReused = true
        // A paused stream has not reported all yet: bytes nobody asked for may wait behind the answer.
        let isClean =
            keepsAlive && !isSending && stream.isOpen && !stream.isAtEnd && !stream.isPaused && stream.available == 0
        if isSending { upload?.cancel() }
        upload = nil
        guard isClean, !isReleased else { return stream.close() }
        listenForEnd()
        owner.pool.giveBack(self, isReusable: true)
    }

    private var lost: ClientFault {
        switch stream.failure {
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        case .abandoned: .abandoned
        default: .lost
        }
    }

    package func close() {
        upload?.cancel()
        stream.close()
    }

    /// From any thread: nobody reads the rest of the answer.
    func discardSoon() {
        stream.loop.execute { [self] in close() }
    }
}
