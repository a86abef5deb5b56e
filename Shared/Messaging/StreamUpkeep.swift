import Lifecycle
import Redis

/// Trimming a stream and removing idle consumers.
enum StreamUpkeep {
    /// Deletes entries before `id` that no group needs any more, a bounded number; returns the id from which the
    /// slowest group still needs them, nil when there is no group.
    static func trim(
        _ stream: String, before id: StreamID, atMost limit: Int, on redis: RedisClient
    ) async throws(RedisError) -> StreamID? {
        let answer = try await trimScript.run(
            on: redis, keys: [RESPArgument(stream)],
            [RESPArgument(id.milliseconds), RESPArgument(id.sequence), RESPArgument(limit)])
        return answer.text.flatMap { StreamID($0) }
    }

    /// Removes consumers of the group that have nothing pending and are `member`, or have been idle for an hour:
    /// processes that have ended.
    static func removeIdle(
        consumersOf group: String, of stream: String, and member: String, on redis: RedisClient
    ) async throws(RedisError) {
        _ = try await removeScript.run(
            on: redis, keys: [RESPArgument(stream)], [RESPArgument(group), RESPArgument(member), 3_600_000])
    }

    private static let trimScript = Script(
        """
        if redis.call('EXISTS', KEYS[1]) == 0 then return false end
        local function parts(id)
          local ms, seq = string.match(id, '^(%d+)-(%d+)$')
          return tonumber(ms), tonumber(seq)
        end
        local function less(ams, aseq, bms, bseq) return ams < bms or (ams == bms and aseq < bseq) end
        local floor
        for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
          local name, last
          for i = 1, #group, 2 do
            if group[i] == 'name' then name = group[i + 1] end
            if group[i] == 'last-delivered-id' then last = group[i + 1] end
          end
          local pending = redis.call('XPENDING', KEYS[1], name)
          local needed = last
          if pending[1] > 0 then needed = pending[2] end
          local ms, seq = parts(needed)
          if not floor or less(ms, seq, parts(floor)) then floor = needed end
        end
        local cut = ARGV[1] .. '-' .. ARGV[2]
        if floor then
          local ms, seq = parts(floor)
          if less(ms, seq, tonumber(ARGV[1]), tonumber(ARGV[2])) then cut = floor end
        end
        redis.call('XTRIM', KEYS[1], 'MINID', '~', cut, 'LIMIT', ARGV[3])
        return floor or false
        """)

    private static let removeScript = Script(
        """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        for _, member in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
          local name, pending, idle
          for i = 1, #member, 2 do
            if member[i] == 'name' then name = member[i + 1] end
            if member[i] == 'pending' then pending = member[i + 1] end
            if member[i] == 'idle' then idle = member[i + 1] end
          end
          if pending == 0 and (name == ARGV[2] or idle > tonumber(ARGV[3])) then
            redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], name)
          end
        end
        return 0
        """)
}
