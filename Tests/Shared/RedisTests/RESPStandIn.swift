import Lifecycle
import Net
import Redis

/// Something that speaks as Redis does, or not quite: it answers each command as it is told, in RESP.
struct RESPStandIn: Sendable {
    /// What is said to a command, the number of the connection with it; false when the connection ends then. Nothing is
    /// said for ""
    typealias Script = @Sendable (_ words: [String], _ connection: Int, _ stream: ByteStream) async -> Bool

    /// What a primary says of itself.
    private static let hello = "*4\r\n+mode\r\n+standalone\r\n+role\r\n+master\r\n"

    let listener: Listener
    let connections = Locked(0)
    let commands: Locked<[[String]]>

    init(_ group: EventLoopGroup, _ script: @escaping Script) throws {
        let (connections, commands) = (connections, Locked<[[String]]>([]))
        self.commands = commands
        listener = try Listener(.loopback(), group: group) { stream in
            let number = connections.withLock { count in
                count += 1
                return count
            }
            stream.loop.spawn("stand-in") {
                while let words = await Self.command(stream) {
                    if words == ["HELLO"] {
                        stream.say(Self.hello)
                        continue
                    }
                    commands.withLock { $0.append(words) }
                    guard await script(words, number, stream) else { break }
                }
                stream.closeLingering(.milliseconds(50))
            }
        }
    }

    func settings(timeout: Duration) -> RedisSettings {
        RedisSettings(
            address: .host("127.0.0.1", port: listener.address.port ?? 0), connectTimeout: .seconds(5), timeout: timeout
        )
    }

    /// `*2\r\n$4\r\nECHO\r\n$1\r\na\r\n`
    private static func command(_ stream: ByteStream) async -> [String]? {
        guard let count = await number(stream) else { return nil }
        var words: [String] = []
        for _ in 0..<count {
            guard let length = await number(stream), let bytes = await take(length + 2, stream) else { return nil }
            words.append(String(decoding: bytes.dropLast(2), as: UTF8.self))
        }
        return words
    }

    /// The number in a line like `*2` or `$4`.
    private static func number(_ stream: ByteStream) async -> Int? {
        var line: [UInt8] = []
        while line.last != 0x0A {
            guard let byte = await take(1, stream) else { return nil }
            line += byte
        }
        return Int(String(decoding: line.dropFirst().dropLast(2), as: UTF8.self))
    }

    private static func take(_ count: Int, _ stream: ByteStream) async -> [UInt8]? {
        while stream.available < count { guard await stream.fill() else { return nil } }
        return stream.take(count)
    }
}

extension ByteStream {
    /// Says a piece of RESP now.
    func say(_ text: String) {
        output.append(contentsOf: text.utf8)
        flush()
    }
}
