internal import Lifecycle
internal import Net

/// The body of the request being answered, as far as it has been read.
struct IncomingRequestBody {
    var parser: BodyParser
    var hasEnded = false

    init(_ framing: BodyFraming = .none) { parser = BodyParser(framing) }
}

extension ServerConnection: BodySource {
    func allow(_ duration: Duration) { machine.body.timeout = duration.wholeNanoseconds }

    func nextPart() async throws(HTTPFault) -> [UInt8]? {
        if body.hasEnded { return nil }
        var part: [UInt8] = []
        while true {
            do throws(MessageFault) {
                body.hasEnded = try body.parser.gather(stream, into: &part)
            } catch {
                throw .message(error)
            }
            if !part.isEmpty {
                machine.body.received(part.count)
                return part
            }
            if body.hasEnded { return nil }
            try await waitForBody()
        }
    }

    private func waitForBody() async throws(HTTPFault) {
        if machine.body.beginWaiting(at: now) { stream.output.append(contentsOf: ResponseEncoder.proceed) }
        let hasMore = await stream.fill()
        machine.body.endWaiting(at: now)
        if !hasMore { throw machine.body.isTooSlow ? .tooSlow : .disconnected }
    }

    /// Whether the rest of a body nobody asked for is already here, and out of the way.
    func skipBody() -> Bool {
        if machine.body.expectsContinue { return false }
        while let event = try? body.parser.step(stream) {
            if event == .end { return true }
            if event == .needsMore { return false }
        }
        return false
    }
}
