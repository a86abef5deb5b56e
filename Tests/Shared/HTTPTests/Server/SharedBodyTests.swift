import Glibc
import HTTP
import Lifecycle
import Net
import Testing

/// A body that another task reads when its answer is given: one that was being passed on.
@Suite struct SharedBodyTests {
    @Test func `an answer that overtakes its body's reader ends the connection`() async throws {
        let calling = Locked<ByteStream?>(nil)
        let said = try await RawConversation.with(handler: { request in
            guard let loop = EventLoop.current, let call = calling.withLock({ $0 }) else {
                return Response(.badRequest)
            }
            loop.spawn("reader") { while ((try? await request.body.next()) ?? nil) != nil {} }
            _ = await call.fill()
            return Response(.ok)
        }) { conversation in
            let stream = try await conversation.connect()
            defer { stream.close() }
            let (caller, call) = try Self.pair(on: stream.loop)
            calling.withLock { $0 = call }
            defer { for end in [caller, call] { end.close() } }
            stream.output = Array("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n".utf8)
            stream.flush()
            try await stream.loop.sleep(.milliseconds(50))
            // The handler is told first, its body's reader next, both in one turn of the loop.
            caller.output = [1]
            caller.flush()
            stream.output = Array("restPOST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nsec".utf8)
            return try await RawConversation.rest(stream)
        }
        #expect(said.statuses == ["200"])
        #expect(said.contains("Connection: close"))
    }

    private static func pair(on loop: EventLoop) throws -> (ByteStream, ByteStream) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        #expect(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
        return (ByteStream(fd: ends[0], peer: nil, loop: loop), ByteStream(fd: ends[1], peer: nil, loop: loop))
    }
}
