import HTTP
import Lifecycle
import Net
import Testing

@Suite struct StoppingTests {
    @Test func `an answer that is being streamed when the server stops is told to its end`() async throws {
        let gate = Latch()
        let said = try await RawConversation.with(handler: { _ in
            Response(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("first".utf8))
                    await gate.wait()
                    try await writer.write(Array("last".utf8))
                })
        }) { conversation in
            let stream = try await conversation.connect()
            defer { stream.close() }
            stream.output = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            let begin = try await RawConversation.read(stream, until: "first")
            let server = conversation.server
            let hasStopped = Latch()
            stream.loop.spawn("stop") {
                await server.stop()
                hasStopped.fire()
            }
            try await stream.loop.sleep(.milliseconds(50))
            gate.fire()
            let rest = try await RawConversation.rest(stream)
            await hasStopped.wait()
            return begin + rest
        }
        #expect(said.hasSuffix("5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n"), "\(said)")
    }
}
