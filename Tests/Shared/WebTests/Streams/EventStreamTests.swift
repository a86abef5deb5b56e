import API
import HTTP
import Lifecycle
import Net
import Testing

/// Events from a subscriber to the wire.
@Suite struct EventStreamTests {
    private static func opened(_ service: FilesService) async throws -> (ByteStream, EventSink<NoteView>, String) {
        let stream = try await service.open(.get, "/api/events", ["Accept": "text/event-stream"])
        let head = await FilesService.read(stream, until: "\r\n\r\n")
        return (stream, try #require(service.log.sinks.withLock { $0.last }), head)
    }

    private static func event(_ number: Int, _ title: String = "Milk") -> ServerSentEvent<NoteView> {
        ServerSentEvent(id: "\(number)", name: "note.added", data: NoteView(title: title, text: nil))
    }

    @Test func `a stream is open before anything happens, and each event leaves as it comes`() async throws {
        try await FilesService.with { service in
            let (stream, sink, head) = try await Self.opened(service)
            #expect(head.hasPrefix("HTTP/1.1 200"))
            for line in ["Content-Type: text/event-stream", "Cache-Control: no-store", "X-Accel-Buffering: no"] {
                #expect(head.contains("\r\n\(line)\r\n"), "\(line)")
            }
            #expect(!head.contains("Content-Length"))
            sink.retry(after: .seconds(3))
            #expect(await FilesService.read(stream, until: "\n\n").contains("retry: 3000\n\n"))
            for number in 1...3 {
                sink.send(Self.event(number))
                let text = await FilesService.read(stream, until: "\n\n")
                #expect(
                    text.contains("id: \(number)\nevent: note.added\ndata: {\"title\":\"Milk\",\"text\":null}\n\n"),
                    "\(text)")
            }
            sink.ping()
            #expect(await FilesService.read(stream, until: "\n\n").contains(": ping\n\n"))
            sink.end()
            #expect(await FilesService.read(stream, until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
            await service.log.closed.wait()
            #expect(service.log.ends.withLock { $0 } == [.ended])
            // Nobody listens any more, and nothing comes of it.
            sink.send(Self.event(9))
            stream.close()
        }
    }

    @Test func `a line end in an id or a name ends it, so that nobody adds a field`() async throws {
        try await FilesService.with { service in
            let (stream, sink, _) = try await Self.opened(service)
            sink.send(
                ServerSentEvent(id: "1\nevent: forged", name: "a\r\ndata: x", data: NoteView(title: "a\nb", text: nil)))
            let text = await FilesService.read(stream, until: "\n\n")
            #expect(text.contains("id: 1\nevent: a\ndata: {\"title\":\"a\\nb\",\"text\":null}\n\n"), "\(text)")
            stream.close()
        }
    }

    @Test func `a client that leaves is unsubscribed at once`() async throws {
        try await FilesService.with { service in
            let (stream, _, _) = try await Self.opened(service)
            stream.close()
            await service.log.closed.wait()
            #expect(service.log.ends.withLock { $0 } == [.left])
        }
    }

    /// A client that never says again what it wants cannot be waiting for its answer: a stream has none.
    @Test func `a client that sends no more has left its stream, and no grace is given`() async throws {
        var limits = FilesService.quick
        limits.halfCloseGrace = .seconds(3600)
        try await FilesService.with(limits: limits) { service in
            let (stream, _, _) = try await Self.opened(service)
            stream.finish()
            await service.log.closed.wait()
            #expect(service.log.ends.withLock { $0 } == [.left])
            stream.close()
            // As it opens one.
            let early = try await service.open(.get, "/api/events", ["Accept": "text/event-stream"])
            early.finish()
            while await early.fill() {}
            #expect(early.isAtEnd || !early.isOpen)
            early.close()
        }
    }

    @Test func `a client that takes nothing loses its stream, and memory is bounded`() async throws {
        try await FilesService.with { service in
            let (stream, sink, _) = try await Self.opened(service)
            stream.pauseReading()
            let title = String(repeating: "a", count: 10_000)
            // More than the system keeps for a connection of this machine.
            for number in 0..<2_000 { sink.send(Self.event(number, title)) }
            await service.log.closed.wait()
            #expect(service.log.ends.withLock { $0 } == [.slow])
            stream.close()
        }
    }

    @Test func `a client that stalls with little before it is called slow, too`() async throws {
        var limits = FilesService.quick
        limits.writeIdle = .milliseconds(200)
        try await FilesService.with(limits: limits) { service in
            let (stream, sink, _) = try await Self.opened(service)
            stream.pauseReading()
            // Until the system keeps no more for it, and less than the backlog waits here.
            let title = String(repeating: "a", count: 10_000)
            while service.log.ends.withLock({ $0.isEmpty }) {
                sink.send(Self.event(1, title))
                try await service.group.loops[0].sleep(.milliseconds(1))
            }
            #expect(service.log.ends.withLock { $0 } == [.slow])
            stream.close()
        }
    }

    @Test func `a server that stops ends its streams within its grace`() async throws {
        try await FilesService.with { service in
            let (stream, _, _) = try await Self.opened(service)
            let begin = MonotonicTime.now
            await service.server.stop()
            #expect(begin.duration(to: .now) < .seconds(5))
            await service.log.closed.wait()
            stream.close()
        }
    }
}
