import Kernel
import Lifecycle
import Net
import Records
import Testing

/// A daemon of a test's own on a loopback port, which says what the test wants and keeps what it was sent.
final class ScannerPeer: Sendable {
    let received = Locked<[UInt8]>([])
    private let listener = Locked<Listener?>(nil)

    /// - Parameters:
    ///   - reply: what it says when all has come; nil says nothing.
    ///   - limit: bytes after which it says so without waiting for the rest.
    static func with(
        _ reply: String?, after limit: Int = .max,
        _ body: @escaping @Sendable (ScannerPeer, SocketAddress) async throws -> Void
    ) async throws {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let peer = ScannerPeer()
        try await group.run {
            let listener = try Listener(.loopback(), group: group, caps: Listener.Caps()) { stream in
                stream.loop.spawn("scanner") { await peer.serve(stream, reply, limit) }
            }
            peer.listener.withLock { $0 = listener }
            let result: Result<Void, any Error>
            do { result = .success(try await body(peer, listener.address)) } catch { result = .failure(error) }
            await listener.close()
            try result.get()
        }
    }

    private func serve(_ stream: ByteStream, _ reply: String?, _ limit: Int) async {
        var bytes: [UInt8] = []
        repeat {
            bytes += stream.take()
            if bytes.suffix(4) == [0, 0, 0, 0] || bytes.count > limit { break }
        } while await stream.fill()
        received.withLock { [bytes] in $0 = bytes }
        guard let reply else { return }
        stream.output = Array(reply.utf8)
        stream.closeLingering()
    }
}

struct ScannerTests {
    private static let content = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    private func ask(_ address: SocketAddress, _ timeout: Duration = .seconds(5)) async throws -> Bool {
        try await ClamScanner(address, timeout: timeout).isClean(Self.content.count, until: .never) { part in
            Array(Self.content[part])
        }
    }

    @Test func `the file is sent in pieces with their length, and a clean one is said to be`() async throws {
        try await ScannerPeer.with("stream: OK\0") { peer, address async throws in
            #expect(try await ask(address))
            let said = peer.received.withLock { $0 }
            #expect(said.starts(with: Array("zINSTREAM\0".utf8) + [0, 1, 0, 0]))
            #expect(said.count == 10 + 3 * 4 + Self.content.count + 4)
            #expect(Array(said[14..<65_550]) == Array(Self.content[..<65_536]))
        }
    }

    @Test func `what was found is heard, also when it is said before all was sent`() async throws {
        try await ScannerPeer.with("stream: Eicar-Test-Signature FOUND\0") { _, address async throws in
            #expect(try await !ask(address))
        }
        try await ScannerPeer.with("stream: Win.Test.EICAR_HDB-1 FOUND\0", after: 70_000) { _, address async throws in
            #expect(try await !ask(address))
        }
    }

    @Test(arguments: ["INSTREAM size limit exceeded. ERROR\0", "", "stream: ", "stream: OK?\0", "OK\0"])
    func `anything else is no verdict`(reply: String) async throws {
        try await ScannerPeer.with(reply) { _, address async throws in
            await #expect(throws: ScannerFault.self) { try await ask(address) }
        }
    }

    @Test func `a scanner that is away, or silent, is a fault in time`() async throws {
        try await ScannerPeer.with(nil) { _, address async throws in
            await #expect(throws: ScannerFault.self) { try await ask(address, .milliseconds(100)) }
            await #expect(throws: ScannerFault.self) { try await ask(.loopback(port: 1)) }
        }
    }
}
