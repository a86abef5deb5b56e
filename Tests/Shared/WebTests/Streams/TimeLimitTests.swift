import API
import HTTP
import JSON
import Lifecycle
import Net
import Testing

/// How long a request may take, and its body.
@Suite struct TimeLimitTests {
    private static let body =
        MultipartCase.field("title", "X") + MultipartCase.file("filename=a", "x") + MultipartCase.end
    private static let type: Headers = ["Content-Type": "multipart/form-data; boundary=AaB03x"]

    @Test func `an endpoint's own limit takes the place of the usual one, and the sender's is kept`() async throws {
        try await FilesService.with { service in
            let type: Headers = ["Content-Type": "application/json"]
            let usual = try await service.ask(
                .post, "/api/files/note", type, body: .bytes(Array(#"{"title":"a"}"#.utf8)))
            #expect((6...8).contains(usual.json?["seconds"]?.integer ?? 0))
            _ = try await service.ask(.get, "/api/files/\(FilesService.id)/download")
            _ = try await service.ask(.get, "/api/files/\(FilesService.id)/download", ["X-Praxis-Deadline": "20000"])
            let seconds = service.log.seconds.withLock { $0 }
            #expect((290...300).contains(seconds[0]) && (15...20).contains(seconds[1]), "\(seconds)")
        }
    }

    @Test func `a stream has no deadline`() async throws {
        try await FilesService.with { service in
            let stream = try await service.open(.get, "/api/events")
            _ = await FilesService.read(stream, until: "\r\n\r\n")
            #expect(service.log.seconds.withLock { $0 } == [-1])
            stream.close()
        }
    }

    /// Sends the body's first half, waits, and sends the rest; answers the status.
    private static func drip(
        _ service: FilesService, _ target: String, _ type: Headers, _ body: String, pause: Duration
    ) async throws -> Substring {
        let stream = try await service.open(.post, target, type, "Content-Length: \(body.utf8.count)\r\n")
        let bytes = Array(body.utf8)
        stream.output += bytes.prefix(bytes.count / 2)
        stream.flush()
        try await service.group.loops[0].sleep(pause)
        if stream.isOpen {
            stream.output += bytes.dropFirst(bytes.count / 2)
            stream.flush()
        }
        let answer = await FilesService.read(stream, until: "\r\n\r\n")
        stream.close()
        return answer.dropFirst(9).prefix(3)
    }

    @Test func `a slow upload has its endpoint's time, where any other body is cut`() async throws {
        var limits = FilesService.quick
        limits.bodyTime = .milliseconds(60)
        try await FilesService.with(limits: limits) { service in
            let target = "/api/files/\(FilesService.id)"
            let status = try await Self.drip(service, target, Self.type, Self.body, pause: .milliseconds(200))
            #expect(status == "201")
            let json: Headers = ["Content-Type": "application/json"]
            let note = try await Self.drip(
                service, "/api/files/note", json, #"{"title":"a"}"#, pause: .milliseconds(200))
            #expect(note == "408")
        }
    }

    @Test func `an upload that falls silent is cut, whatever its time`() async throws {
        var limits = FilesService.quick
        limits.bodyIdle = .milliseconds(60)
        try await FilesService.with(limits: limits) { service in
            let target = "/api/files/\(FilesService.id)"
            let status = try await Self.drip(service, target, Self.type, Self.body, pause: .milliseconds(300))
            #expect(status == "408")
        }
    }
}
