import API
import GatewayDomain
import Kernel
import Redis

/// The count of one class that all gateways share: a key in Redis for each account or address, changed by a script. One
/// call of it counts all requests of a turn.
final class SharedCount: Sendable {
    private let limit: RateLimit
    private let keyBeginning: [UInt8]
    private let call: ScriptCall

    init(_ rule: RateRule) {
        limit = rule.limit
        keyBeginning = Array("praxis:rates:\(rule.rateClass.rawValue):".utf8)
        call = ScriptCall(
            Self.script,
            [RESPArgument(limit.number), RESPArgument(limit.bucket), RESPArgument(limit.window)])
    }

    /// Counts one request; `done` is called in a later turn with Redis's verdict, nil when there is none.
    func ask(_ key: RateKey, over redis: LocalRedis, _ done: @escaping (RateVerdict?) -> Void) {
        var name = keyBeginning
        key.append(to: &name)
        redis.call(call, key: name) { [limit] answer in
            done((try? answer.get()).flatMap { Self.verdict($0, limit) })
        }
    }

    /// - Parameter answer: whether it is allowed, how many were counted (32 bits each), and in how many microseconds
    ///   the oldest of them leaves (64 bits), the lowest byte first.
    private static func verdict(_ answer: RESPValue, _ limit: RateLimit) -> RateVerdict? {
        guard let bytes = answer.bytes, bytes.count == 16 else { return nil }
        let reset = Int64(bitPattern: number(bytes[8..<16]))
        return RateVerdict(
            isAllowed: number(bytes[0..<4]) == 1, limit: limit.number,
            remaining: max(0, limit.number - Int(clamping: number(bytes[4..<8]))),
            resetSeconds: max(1, Duration.microseconds(reset).secondsRoundedUp))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `RateWindow.count` on Redis' own clock. What a key holds: the time of its last request, its count in that
    /// bucket, its count in the buckets before and when the oldest of them leaves; then those before, last request and
    /// count. So within a bucket nothing is added up again until something leaves. What holds anything else is counted
    /// anew: it keeps no other key of the call from its count.
    private static let script = Script(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local number, width, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local keep, verdicts = math.ceil(window / 1000) + 1, {}
        for position, key in ipairs(KEYS) do
            local kept = redis.pcall('GET', key)
            local last, here, before, oldest, past = now, 0, 0, now, ''
            if type(kept) == 'string' and #kept >= 24 and #kept % 12 == 0 then
                last, here, before, oldest = struct.unpack('<dI4I4d', kept)
                past = string.sub(kept, 25)
            end
            if math.floor(last / width) ~= math.floor(now / width) or oldest <= now - window then
                local all = past .. struct.pack('<dI4', last, here)
                here, before, oldest, past = 0, 0, now, ''
                for index = 1, #all, 12 do
                    local at, count = struct.unpack('<dI4', all, index)
                    if count > 0 and at > now - window then
                        before, past = before + count, past .. string.sub(all, index, index + 11)
                        if at < oldest then oldest = at end
                    end
                end
            end
            local used, allowed = here + before, 0
            if used < number then
                allowed, last = 1, now
                redis.call('SET', key, struct.pack('<dI4I4d', now, here + 1, before, oldest) .. past, 'PX', keep)
            end
            local first = past == '' and last or oldest
            verdicts[position] = struct.pack('<I4I4i8', allowed, used + allowed, first + window - now)
        end
        return verdicts
        """)
}
