import Redis

/// One round trip of the relay. Checking the stream's last id and adding are one atomic script, so that nothing is
/// added behind a gap.
enum RelayScript {
    enum Answer: Sendable, Equatable {
        /// The stream ends here, before the last event it was given. The id of the server's process tells whether it
        /// has been started anew; it is empty when the server does not tell.
        case lost(end: StreamID, server: String)
        /// The id of each envelope in the stream.
        case added([StreamID])
    }

    /// - Parameters:
    ///   - last: the id of the last event that was sent before.
    ///   - events: the envelopes, and whether their live copies were published before.
    static func run(
        on redis: RedisClient, stream: String, channel: String, after last: StreamID,
        events: [(envelope: String, isLive: Bool)]
    ) async throws(RedisError) -> Answer {
        let arguments = [RESPArgument(channel), RESPArgument(last.milliseconds), RESPArgument(last.sequence)]
        let answer = try await script.run(
            on: redis, keys: [RESPArgument(stream)],
            arguments + events.flatMap { [RESPArgument($0.envelope), $0.isLive ? "1" : "0"] })
        guard let parts = answer.array, let kind = parts.first?.text else { throw .unexpectedAnswer }
        let words = parts.dropFirst().compactMap(\.text)
        if kind == "lost", words.count == 2, let end = StreamID(words[0]) { return .lost(end: end, server: words[1]) }
        let ids = words.compactMap { StreamID($0) }
        guard kind == "added", ids.count == events.count, parts.count == ids.count + 1 else { throw .unexpectedAnswer }
        return .added(ids)
    }

    /// Publishes live copies alone.
    static func publish(on redis: RedisClient, channel: String, envelopes: [String]) async throws(RedisError) {
        _ = try await publishing.run(
            on: redis, keys: [], [RESPArgument(channel)] + envelopes.map { RESPArgument($0) })
    }

    private static let publishing = Script("for i = 2, #ARGV do redis.call('PUBLISH', ARGV[1], ARGV[i]) end return 0")

    /// Trimming does not lower a stream's last id; only loss does.
    private static let script = Script(
        """
        local last = '0-0'
        if redis.call('EXISTS', KEYS[1]) == 1 then
          local info = redis.call('XINFO', 'STREAM', KEYS[1])
          for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then last = info[i + 1] end
          end
        end
        local ms, seq = string.match(last, '^(%d+)-(%d+)$')
        ms, seq = tonumber(ms), tonumber(seq)
        local sentms, sentseq = tonumber(ARGV[2]), tonumber(ARGV[3])
        if ms < sentms or (ms == sentms and seq < sentseq) then
          local info = redis.pcall('INFO', 'server')
          return {'lost', last, type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''}
        end
        local answer = {'added'}
        for i = 4, #ARGV, 2 do
          answer[#answer + 1] = redis.call('XADD', KEYS[1], '*', 'event', ARGV[i])
          if ARGV[i + 1] == '0' then redis.call('PUBLISH', ARGV[1], ARGV[i]) end
        end
        return answer
        """)
}
