package import Net

/// Writes a streamed body to its connection, with the framing its head has promised.
package final class BodyWriter: @unchecked Sendable {
    /// The producer wrote more or less than the head had promised.
    package struct LengthBroken: Error {}

    private let stream: ByteStream
    private let isChunked: Bool
    private var remaining: Int?
    private(set) var hasBegun = false

    init(_ stream: ByteStream, length: Int?, isChunked: Bool) {
        self.stream = stream
        self.isChunked = isChunked
        remaining = length
    }

    /// Sends `bytes` with the rest of this turn; suspends while more than the high-water mark is unsent.
    package func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        if let failure = stream.failure { throw failure }
        hasBegun = true
        if let left = remaining {
            guard bytes.count <= left else { throw LengthBroken() }
            remaining = left - bytes.count
        }
        append(bytes)
        if stream.pending >= ByteStream.highWater {
            try await stream.drain()
        } else {
            stream.flushSoon()
        }
    }

    /// The other side took nothing for so long that its connection was closed.
    package var hasStalled: Bool { stream.failure == .timedOut }

    /// So much is unsent that the other side has to read first. To be asked on the loop.
    package var isBehind: Bool { stream.pending >= ByteStream.highWater }

    /// The loop it belongs to.
    package var loop: EventLoop { stream.loop }

    /// Sends `bytes` with the rest of this turn and does not wait; false, and nothing is sent, when the connection is
    /// gone or more than `backlog` bytes wait for the other side already. To be called on the loop, and only without a
    /// length.
    package func send(_ bytes: [UInt8], backlog: Int) -> Bool {
        guard stream.failure == nil, stream.pending <= backlog, remaining == nil else { return false }
        append(bytes)
        stream.flushSoon()
        return true
    }

    private func append(_ bytes: [UInt8]) {
        if isChunked { Self.appendHex(bytes.count, to: &stream.output) }
        stream.output.append(contentsOf: bytes)
        if isChunked { stream.output.append(contentsOf: [0x0D, 0x0A]) }
    }

    /// Sends what was written without waiting for the end of the turn.
    package func flush() { stream.flush() }

    func end() throws {
        if let remaining, remaining > 0 { throw LengthBroken() }
        if isChunked { stream.output.append(contentsOf: [0x30, 0x0D, 0x0A, 0x0D, 0x0A]) }
    }

    private static func appendHex(_ count: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: String(count, radix: 16).utf8)
        bytes.append(0x0D)
        bytes.append(0x0A)
    }
}
