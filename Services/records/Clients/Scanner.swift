import Kernel
package import Lifecycle
package import Net

/// Whoever tells whether a file is known to do harm.
package protocol Scanner: Sendable {
    /// - Parameters:
    ///   - count: bytes of the file.
    ///   - read: gives a part of it.
    /// - Returns: whether nothing was found.
    /// - Throws: `ScannerFault` when it cannot tell.
    func isClean(
        _ count: Int, until deadline: Deadline, _ read: (Range<Int>) async throws -> [UInt8]
    ) async throws -> Bool
}

/// The scanner does not answer, or not as it should.
package struct ScannerFault: Error {}

/// ClamAV's daemon, asked by its command `INSTREAM` (clamd(8)): the file goes over a socket, in pieces with their
/// length before each, and ends with an empty one.
package struct ClamScanner: Scanner {
    private let address: SocketAddress
    private let timeout: Duration

    /// - Parameter timeout: for all of one file.
    package init(_ address: SocketAddress, timeout: Duration = .seconds(30)) {
        self.address = address
        self.timeout = timeout
    }

    /// To be called on a loop.
    package func isClean(
        _ count: Int, until deadline: Deadline, _ read: (Range<Int>) async throws -> [UInt8]
    ) async throws -> Bool {
        guard let loop = EventLoop.current else { throw ScannerFault() }
        let deadline = min(deadline, .after(timeout))
        let stream: ByteStream
        do { stream = try await .connect(to: address, on: loop, deadline: deadline) } catch { throw ScannerFault() }
        // Whoever is silent, or takes nothing, is hung up on: what waits for it then fails.
        let timer = loop.at(deadline) { stream.close(.timedOut) }
        defer {
            loop.cancel(timer)
            stream.close()
        }
        try await send(count, over: stream, read)
        return try await verdict(from: stream)
    }

    private func send(
        _ count: Int, over stream: ByteStream, _ read: (Range<Int>) async throws -> [UInt8]
    ) async throws {
        stream.output = Array("zINSTREAM\0".utf8)
        for start in stride(from: 0, to: count, by: Self.piece) {
            let bytes = try await read(start..<min(start + Self.piece, count))
            stream.output += UInt32(bytes.count).bigEndianBytes + bytes
            // It may hang up once it has found something: its answer says so.
            guard (try? await stream.drain()) != nil else { return }
        }
        stream.output += UInt32(0).bigEndianBytes
    }

    /// `stream: OK`, or `stream: <name> FOUND`, ended by a zero byte.
    private func verdict(from stream: ByteStream) async throws -> Bool {
        var answer: [UInt8] = []
        repeat {
            answer += stream.take()
            if answer.contains(0) || answer.count > 1_024 { break }
        } while await stream.fill()
        answer += stream.take()
        let text = String(decoding: answer.prefix { $0 != 0 }, as: UTF8.self)
        if text == "stream: OK" { return true }
        if text.hasPrefix("stream: "), text.hasSuffix(" FOUND") { return false }
        throw ScannerFault()
    }

    private static let piece = 65_536
}
