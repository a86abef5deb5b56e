internal import Lifecycle
internal import Net

/// The body of the request being answered: how far it has been read, and how long it was waited for.
struct BodyReading {
    var parser: BodyParser
    let expectsContinue: Bool
    var hasSaidContinue = false
    /// Since when more is awaited; `nil` while the handler does not ask.
    private var waitsSince: Int64?
    private var waited: Int64 = 0
    private var bytes = 0
    private var timeout: Int64 = .max
    var hasEnded = false

    init() {
        parser = BodyParser(.none)
        expectsContinue = false
    }

    init(_ head: RequestHead, at now: Int64, within timeout: Int64) {
        parser = BodyParser(head.framing)
        expectsContinue = head.expectsContinue
        self.timeout = timeout
    }

    mutating func allow(_ duration: Int64) { timeout = duration }

    mutating func wait(_ now: Int64) { waitsSince = now }

    mutating func gotOn(_ now: Int64) {
        waited &+= now &- (waitsSince ?? now)
        waitsSince = nil
    }

    mutating func count(_ more: Int) { bytes &+= more }

    /// Slower than the limits allow, judged only while we wait: a handler that takes its time is not the client's fault.
    func isTooSlow(_ now: Int64, lastRead: Int64, _ settings: ServerSettings) -> Bool {
        guard let waitsSince else { return false }
        if now &- max(lastRead, waitsSince) > settings.bodyIdle { return true }
        let total = waited &+ (now &- waitsSince)
        if total > timeout { return true }
        guard total > settings.bodyIdle else { return false }
        let seconds = Double(total &- settings.bodyIdle) / 1_000_000_000
        return Double(bytes) < seconds * Double(settings.limits.bodyRate)
    }
}

extension BodyParser {
    /// One step over what a stream has; data is thrown away.
    mutating func step(_ stream: ByteStream) throws(MessageFault) -> BodyEvent {
        var place = 0
        let event = try stream.input.withSpan { (bytes) throws(MessageFault) in try next(bytes, at: &place) }
        stream.consume(place)
        return event
    }

    /// Gathers what a stream has of the body, up to about 64 KiB, and says whether the body ended.
    mutating func gather(_ stream: ByteStream, into part: inout [UInt8]) throws(MessageFault) -> Bool {
        var place = 0
        while part.count < ByteStream.highWater {
            let event = try stream.input.withSpan { (bytes) throws(MessageFault) in try next(bytes, at: &place) }
            switch event {
            case .data(let range): stream.input.copy(range, to: &part)
            case .end:
                stream.consume(place)
                return true
            case .needsMore:
                stream.consume(place)
                return false
            }
        }
        stream.consume(place)
        return false
    }
}

extension ServerConnection: BodySource {
    func allow(_ duration: Duration) { reading.allow(duration.wholeNanoseconds) }

    func nextPart() async throws(HTTPFault) -> [UInt8]? {
        if reading.hasEnded { return nil }
        var part: [UInt8] = []
        while true {
            do throws(MessageFault) {
                reading.hasEnded = try reading.parser.gather(stream, into: &part)
            } catch {
                throw .message(error)
            }
            if !part.isEmpty {
                reading.count(part.count)
                return part
            }
            if reading.hasEnded { return nil }
            try await waitForBody()
        }
    }

    private func waitForBody() async throws(HTTPFault) {
        if reading.expectsContinue, !reading.hasSaidContinue {
            reading.hasSaidContinue = true
            stream.output.append(contentsOf: ResponseEncoder.proceed)
        }
        reading.wait(now)
        let hasMore = await stream.fill()
        reading.gotOn(now)
        if !hasMore { throw fault ?? .disconnected }
    }
}
