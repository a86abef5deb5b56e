import HTTP
import Lifecycle
import Net
import Testing

/// A server under test and raw bytes sent to it; no client of ours in between that could hide a fault.
struct RawConversation: Sendable {
    let group: EventLoopGroup
    let server: HTTPServer
    let address: SocketAddress

    /// Starts a server for `body` and ends it afterwards.
    static func with<T: Sendable>(
        loops: Int = 1, limits: HTTPLimits = .quick, handler: @escaping Handler,
        _ body: @escaping @Sendable (RawConversation) async throws -> T
    ) async throws -> T {
        let group = EventLoopGroup(count: loops)
        let server = HTTPServer(.loopback(), group: group, limits: limits, handler: handler)
        try await server.start()
        let address = try #require(server.address)
        let result = try await group.run {
            let result = try await body(RawConversation(group: group, server: server, address: address))
            await server.stop()
            return result
        }
        group.shutDown()
        return result
    }

    func connect() async throws -> ByteStream {
        let loop = try #require(EventLoop.current)
        return try await ByteStream.connect(to: address, on: loop, deadline: .after(.seconds(10)))
    }

    /// Sends `text` and returns all that comes until the server closes.
    func say(_ text: String) async throws -> String {
        let stream = try await connect()
        defer { stream.close() }
        stream.output.append(contentsOf: text.utf8)
        return try await Self.rest(stream)
    }

    static func rest(_ stream: ByteStream, within time: Duration = .seconds(20)) async throws -> String {
        var all: [UInt8] = []
        let timer = stream.loop.after(time) { stream.close(.timedOut) }
        while await stream.fill() { all += stream.take() }
        all += stream.take()
        stream.loop.cancel(timer)
        return String(decoding: all, as: UTF8.self)
    }

    /// What came until the server closed, cut into bodies where their lengths say.
    static func bodies(_ stream: ByteStream) async throws -> [String] {
        let said = Array(try await rest(stream, within: .seconds(60)).utf8)
        var bodies: [String] = []
        var place = 0
        while place < said.count {
            let head = String(decoding: said[place..<min(place + 400, said.count)], as: UTF8.self)
                .split(separator: "\r\n\r\n", maxSplits: 1)[0]
            let length = head.split(separator: "Content-Length: ").last?.prefix { $0.isNumber }
            let begin = place + head.utf8.count + 4
            let end = begin + (length.flatMap { Int($0) } ?? 0)
            bodies.append(String(decoding: said[min(begin, said.count)..<min(end, said.count)], as: UTF8.self))
            place = end
        }
        return bodies
    }

    /// Reads until `text` has come.
    static func read(_ stream: ByteStream, until text: String) async throws -> String {
        var all = ""
        while !all.contains(text), await stream.fill() { all += String(decoding: stream.take(), as: UTF8.self) }
        return all
    }
}

extension HTTPLimits {
    /// Times short enough to be met in a test.
    static var quick: HTTPLimits {
        var limits = HTTPLimits()
        limits.tick = .milliseconds(5)
        limits.drain = .seconds(5)
        limits.connections.perAddress = 10_000
        return limits
    }
}

extension String {
    var statuses: [String] {
        split(separator: "HTTP/1.1 ").filter { _ in hasPrefix("HTTP/1.1 ") }.map { String($0.prefix(3)) }
    }
}
