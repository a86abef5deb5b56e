import HTTP
import Lifecycle
import Net
import Testing

/// A server whose plain requests are carried to an upstream that answers as it is told, byte by byte.
struct FastPathWorld: Sendable {
    /// What the upstream does when asked for a target; false when it leaves then.
    typealias Script = @Sendable (String, ByteStream) async -> Bool

    let group: EventLoopGroup
    let server: HTTPServer
    let client: HTTPClient
    /// The server, as a client of ours sees it.
    let front: Upstream
    let address: SocketAddress
    let log: Log

    final class Log: Sendable {
        let targets = Locked<[String]>([])
        /// Of each request that was read whole.
        let bodies = Locked<[String]>([])
        let opened = Locked(0)
        let closed = Locked(0)
        /// Of every connection to the server its fast path, as long as that lives: the connection keeps it.
        let fastPaths = Locked<[WeakFastPath]>([])
        /// How often something had to be heard first.
        let asked = Locked(0)
        /// What paths that begin with `/asked/held` wait for.
        let verdict = Latch()
    }

    struct WeakFastPath: Sendable {
        weak let fastPath: DirectFastPath?
        var isFreed: Bool { fastPath == nil }
    }

    static func with<T: Sendable>(
        limits: HTTPLimits = .quick, timeout: Duration = .seconds(10), _ script: @escaping Script,
        _ body: @escaping @Sendable (FastPathWorld) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: 1)
        let log = Log()
        let listener = try Listener(.loopback(), group: group) { stream in
            log.opened.withLock { $0 += 1 }
            stream.loop.spawn("upstream") { await serve(stream, script, log) }
        }
        let client = HTTPClient(group: group, limits: .quick)
        let upstream = client.upstream(.address(listener.address), authority: "behind")
        let server = HTTPServer(
            .loopback(), group: group, limits: limits,
            fastPath: { place in
                let fastPath = DirectFastPath(upstream, client, place.loop, timeout, log)
                log.fastPaths.withLock { $0.append(WeakFastPath(fastPath: fastPath)) }
                return fastPath
            },
            handler: { await DirectFastPath.ask($0, upstream, client, timeout) })
        try await server.start()
        let address = try #require(server.address)
        let result = try await group.run {
            let front = client.upstream(.address(address), authority: "front")
            let world = FastPathWorld(
                group: group, server: server, client: client, front: front, address: address, log: log)
            let result = try await body(world)
            client.closeIdle()
            await server.stop()
            return result
        }
        await listener.close()
        group.shutDown()
        return result
    }

    private static func serve(_ stream: ByteStream, _ script: Script, _ log: Log) async {
        while let (target, body) = await nextRequest(stream) {
            log.bodies.withLock { $0.append(body) }
            log.targets.withLock { $0.append(target) }
            guard await script(target, stream) else { break }
            stream.flush()
        }
        stream.closeLingering(.milliseconds(50))
        log.closed.withLock { $0 += 1 }
    }

    /// Reads a request: its target and its body.
    private static func nextRequest(_ stream: ByteStream) async -> (target: String, body: String)? {
        var text = ""
        while !text.contains("\r\n\r\n") {
            if !text.isEmpty || stream.input.isEmpty { guard await stream.fill() else { return nil } }
            text = String(decoding: stream.input.bytes, as: UTF8.self)
        }
        let head = text.split(separator: "\r\n\r\n", maxSplits: 1)[0]
        stream.consume(head.utf8.count + 4)
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        var left = length.flatMap { Int($0.dropFirst(16)) } ?? 0
        var body: [UInt8] = []
        while left > 0 {
            if stream.input.isEmpty { guard await stream.fill() else { return nil } }
            let part = stream.take(left)
            left -= part.count
            body += part
        }
        return head.split(separator: " ").dropFirst().first.map { (String($0), String(decoding: body, as: UTF8.self)) }
    }

    /// Waits until it is so, for at most ten seconds.
    func until(_ isSo: () -> Bool) async throws {
        let deadline = Deadline.after(.seconds(10))
        while !isSo(), !deadline.isPast() { try await group.loops[0].sleep(.milliseconds(1)) }
        try #require(isSo())
    }

    /// How long the server takes to stop.
    func stopping() async -> Duration {
        let begin = MonotonicTime.now
        await server.stop()
        return begin.duration(to: .now)
    }

    // MARK: What is asked

    struct Answer: Sendable {
        let status: Int
        let path: String?
        let body: [UInt8]
    }

    func ask(_ target: String, _ method: Method = .get, body: String? = nil) async throws -> Answer {
        let request = try OutgoingRequest(method, target, body: body.map { .bytes(Array($0.utf8)) } ?? .none)
        let answer = try await client.send(request, to: front, deadline: .after(.seconds(20)))
        return Answer(
            status: answer.status.code, path: answer.headers["x-path"],
            body: try await answer.body.collect(upTo: 10_000_000))
    }

    func connect() async throws -> ByteStream {
        try await ByteStream.connect(
            to: address, on: try #require(EventLoop.current), deadline: .after(.seconds(10)))
    }

    static func write(_ method: Method, _ target: String, _ body: String, closes: Bool = false) -> String {
        "\(method.rawValue) \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n"
            + "\(closes ? "Connection: close\r\n" : "")\r\n\(body)"
    }

    static func get(_ target: String, closes: Bool = false) -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(closes ? "Connection: close\r\n" : "")\r\n"
    }
}
