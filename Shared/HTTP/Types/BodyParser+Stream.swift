internal import Net

extension BodyParser {
    /// One step over what a stream has; data is thrown away.
    mutating func step(_ stream: ByteStream) throws(MessageFault) -> BodyEvent {
        var offset = 0
        let event = try stream.input.withSpan { (bytes) throws(MessageFault) in try next(bytes, at: &offset) }
        stream.consume(offset)
        return event
    }

    /// Gathers what a stream has of the body, up to about 64 KiB, and says whether the body ended.
    mutating func gather(_ stream: ByteStream, into part: inout [UInt8]) throws(MessageFault) -> Bool {
        var offset = 0
        while part.count < ByteStream.highWater {
            let event = try stream.input.withSpan { (bytes) throws(MessageFault) in try next(bytes, at: &offset) }
            switch event {
            case .data(let range): stream.input.copy(range, to: &part)
            case .end:
                stream.consume(offset)
                return true
            case .needsMore:
                stream.consume(offset)
                return false
            }
        }
        stream.consume(offset)
        return false
    }
}
