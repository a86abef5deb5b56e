import API
import Crypto
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Observability
import Testing
import Web

/// The service behind `FilesAPI`, asked over sockets.
struct FilesService: Sendable {
    static let id = "0199a3c4-0000-7000-8000-000000000001"
    /// Nobody may store under it.
    static let closed = "0199a3c4-0000-7000-8000-000000000002"
    static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    let log: FilesLog
    let server: HTTPServer
    let client: HTTPClient
    let upstream: Upstream
    let group: EventLoopGroup

    static func with<T: Sendable>(
        limits: HTTPLimits = quick, _ body: @escaping @Sendable (FilesService) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let log = FilesLog()
        let handler = try ServiceHandler(
            .registry, routes: routes(log),
            verifier: PrincipalVerifier(
                .registry, keys: PairKeys(master: Notes.master, of: .registry), clock: Notes.GivenClock()),
            cursors: CursorSigner(secret: Notes.master), metrics: Metrics())
        return try await group.run {
            let server = HTTPServer(
                .loopback(), group: group, limits: limits, refusal: ProblemAnswer.refusal,
                handler: { await handler.answer($0) })
            try await server.start()
            let client = HTTPClient(group: group)
            let address = try #require(server.address)
            let upstream = client.upstream(.address(address), authority: "registry")
            let service = FilesService(log: log, server: server, client: client, upstream: upstream, group: group)
            do {
                let result = try await body(service)
                await server.stop()
                return result
            } catch {
                await server.stop()
                throw error
            }
        }
    }

    static var quick: HTTPLimits {
        var limits = HTTPLimits()
        limits.tick = .milliseconds(5)
        limits.drain = .seconds(1)
        limits.bodyBytes = 20_000_000
        limits.halfCloseGrace = .zero
        return limits
    }

    private static func routes(_ log: FilesLog) -> Routes {
        var routes = Routes()
        routes.serve(FilesAPI.upload) { input, call in
            log.seconds.withLock { $0.append(TimeView(call.deadline).seconds) }
            if input.id.description == closed { throw Problem.forbidden }
            #expect(call.fingerprint?.digest == nil)
            let (fields, file) = try await input.body.receive(fileUpTo: 1_048_576) { file in
                if file.name == "refused.exe" { throw Problem.field("file", "No such type.") }
                let (digest, size) = (RunningSHA256(), Locked(0))
                for try await chunk in file {
                    digest.update(chunk)
                    size.withLock { $0 += chunk.count }
                    log.chunks.withLock { $0.append(chunk.count) }
                }
                return FileView(
                    title: "", name: file.name, type: file.contentType, size: size.withLock { $0 },
                    sha256: Hex.encode(digest.finish()), fingerprint: "")
            }
            let view = FileView(
                title: fields.title + (fields.pages.map { " of \($0)" } ?? ""), name: file.name, type: file.type,
                size: file.size, sha256: file.sha256, fingerprint: (call.fingerprint?.digest).map(Hex.encode) ?? "none")
            return Created(view, at: nil)
        }
        routes.serve(FilesAPI.download) { _, call in
            log.seconds.withLock { $0.append(TimeView(call.deadline).seconds) }
            return Download(name: "تقرير \"1\".pdf", mediaType: "application/pdf", length: content.count, tag: "v1") {
                range, write in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 30_000) {
                    try await write(Array(content[start..<min(start + 30_000, range.upperBound)]))
                }
            }
        }
        routes.serve(FilesAPI.events) { _, call in
            log.seconds.withLock { $0.append(TimeView(call.deadline).seconds) }
            return EventStream { sink in
                log.sinks.withLock { $0.append(sink) }
                return { end in
                    log.ends.withLock { $0.append(end) }
                    log.closed.fire()
                }
            }
        }
        routes.serve(FilesAPI.note) { _, call in Bare(TimeView(call.deadline)) }
        return routes
    }

    struct Answer {
        let status: Int
        let headers: MessageFields
        let bytes: [UInt8]

        var json: JSONValue? { try? JSONReader.read(bytes) }
        var code: String? { json?["code"]?.string }
    }

    func headers(_ method: Method, _ target: String, _ fields: Headers = [:]) throws -> Headers {
        var headers = fields
        _ = try Notes.signer()
            .sign(Notes.principal(Notes.staff), to: .registry, method: method.rawValue, target: target, into: &headers)
        return headers
    }

    func ask(
        _ method: Method, _ target: String, _ fields: Headers = [:], body: MessageBody = .none
    ) async throws -> Answer {
        let request = try OutgoingRequest(method, target, headers: headers(method, target, fields), body: body)
        let answer = try await client.send(request, to: upstream, deadline: .after(.seconds(20)))
        return Answer(
            status: answer.status.code, headers: answer.headers, bytes: try await answer.body.collect(upTo: 1_000_000))
    }

    /// Sends a form to the upload.
    func upload(
        _ form: String, to id: String = id, boundary: String = MultipartCase.boundary, _ fields: Headers = [:]
    ) async throws -> Answer {
        var fields = fields
        fields.add("Content-Type", "multipart/form-data; boundary=\(boundary)")
        return try await ask(.post, "/api/files/\(id)", fields, body: .bytes(Array(form.utf8)))
    }

    /// A connection with the head of a request sent, and no client of ours.
    func open(_ method: Method, _ target: String, _ fields: Headers = [:], _ framing: String = "") async throws
        -> ByteStream
    {
        let stream = try await ByteStream.connect(
            to: server.address ?? .loopback(), on: group.loops[0], deadline: .after(.seconds(10)))
        let lines = try headers(method, target, fields).fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        stream.output = Array("\(method.rawValue) \(target) HTTP/1.1\r\nHost: a\r\n\(lines)\(framing)\r\n".utf8)
        stream.flush()
        return stream
    }

    /// What comes until `text` has; all of it when the stream ends before.
    static func read(_ stream: ByteStream, until text: String? = nil) async -> String {
        var all: [UInt8] = []
        while true {
            all += stream.take()
            let said = String(decoding: all, as: UTF8.self)
            if let text, said.contains(text) { return said }
            guard await stream.fill() else { return String(decoding: all + stream.take(), as: UTF8.self) }
        }
    }
}
