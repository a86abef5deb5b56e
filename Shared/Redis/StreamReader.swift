internal import Lifecycle
package import Net

/// Reads a consumer group's new entries, waiting for them on a connection of its own, so that no other command waits
/// behind it. One task at a time.
@safe package final class StreamReader: @unchecked Sendable {
    private let settings: RedisSettings
    private let loop: EventLoop
    private let resolver = Resolver(pool: BlockingPool(name: "redis-names", threads: 1, queue: 4))
    private let connection = Locked<RedisConnection?>(nil)

    package init(_ settings: RedisSettings, on loop: EventLoop) {
        self.settings = settings
        self.loop = loop
    }

    /// The next entries of `stream` for `consumer`, at most `count`; none when none came within `timeout`. `NOGROUP`
    /// is thrown as a refusal: the group must be made again.
    package func read(
        _ stream: String, group: String, consumer: String, count: Int = 64, timeout: Duration
    ) async throws(RedisError) -> [StreamEntry] {
        let milliseconds = max(timeout.wholeNanoseconds / 1_000_000, 1)
        let words: [RESPArgument] = [
            "XREADGROUP", "GROUP", RESPArgument(group), RESPArgument(consumer), "COUNT", RESPArgument(count),
            "BLOCK", RESPArgument(milliseconds), "STREAMS", RESPArgument(stream), ">",
        ]
        do {
            // On the loop, where the connection lives.
            return try await withTaskExecutorPreference(loop) {
                let connection = try await connected()
                let deadline = Deadline.after(timeout + settings.connectTimeout)
                return try Self.entries(try await connection.ask(words, on: loop, until: deadline))
            }
        } catch let error as RedisError {
            if error.code == nil { close() }
            throw error
        } catch {
            // The answer to a read nobody waits for would be lost to the next one: this connection is done.
            close()
            throw .cancelled
        }
    }

    package func close() {
        let old = connection.withLock { connection in
            defer { connection = nil }
            return connection
        }
        if let old { loop.execute { old.close() } }
    }

    private func connected() async throws(RedisError) -> RedisConnection {
        if let connection = connection.withLock({ $0 }), !connection.isBroken { return connection }
        let opened = try await RedisConnection.open(settings, on: loop, resolver: resolver)
        connection.withLock { $0 = opened }
        return opened
    }

    private static func entries(_ answer: RESPValue) throws(RedisError) -> [StreamEntry] {
        if answer.isNull { return [] }
        guard let streams = answer.array, let first = streams.first?.array, first.count == 2,
            let entries = first[1].array
        else { throw .unexpectedAnswer }
        return entries.compactMap(StreamEntry.init)
    }
}
