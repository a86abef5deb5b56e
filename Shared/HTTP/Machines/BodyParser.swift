/// Finds a body's bytes and its end, whatever its framing; the same steps for all.
package struct BodyParser: Sendable {
    private enum State: Sendable {
        case length(Int)
        case chunked(ChunkParser)
        case untilClose
    }

    private var state: State

    package init(_ framing: BodyFraming) {
        state =
            switch framing {
            case .none: .length(0)
            case .length(let count): .length(count)
            case .chunked: .chunked(ChunkParser())
            case .untilClose: .untilClose
            }
    }

    /// Takes bytes from `offset` on and moves it behind what was taken. A body `untilClose` never ends here: the
    /// closing of the connection ends it.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) throws(MessageFault) -> BodyEvent {
        switch state {
        case .length(0): return .end
        case .length(let remaining):
            let data = Self.take(remaining, bytes, at: &offset)
            state = .length(remaining - data.count)
            return data.isEmpty ? .needsMore : .data(data)
        case .chunked(var chunks):
            defer { state = .chunked(chunks) }
            return try chunks.next(bytes, at: &offset)
        case .untilClose:
            let data = Self.take(.max, bytes, at: &offset)
            return data.isEmpty ? .needsMore : .data(data)
        }
    }

    /// Whether the connection may close here without cutting the body short.
    package var mayCloseNow: Bool {
        switch state {
        case .length(let remaining): remaining == 0
        case .chunked: false
        case .untilClose: true
        }
    }

    private static func take(_ count: Int, _ bytes: Span<UInt8>, at offset: inout Int) -> Range<Int> {
        let start = offset
        offset = start + max(0, min(count, bytes.count - start))
        return start..<offset
    }
}
