import API
import GatewayDomain
import Kernel
import Redis

/// The count of one class that all gateways share: a key in Redis for each account or address, changed by a script.
final class SharedCount: Sendable {
    private let limit: RateLimit
    private let keyBeginning: [UInt8]
    private let call: ScriptCall

    init(_ rule: RateRule) {
        limit = rule.limit
        keyBeginning = Array("praxis:rates:\(rule.rateClass.rawValue):".utf8)
        call = ScriptCall(
            Self.script,
            [RESPArgument(limit.number), RESPArgument(limit.bucket), RESPArgument(RateLimit.buckets)])
    }

    /// Counts one request; `told` hears in a later turn what Redis says of it, nil when that is nothing.
    func ask(_ key: RateKey, over seat: RedisSeat, _ told: @escaping (RateVerdict?) -> Void) {
        var name = keyBeginning
        key.append(to: &name)
        seat.call(call, key: name) { [limit] answer in
            told((try? answer.get()).flatMap { Self.verdict($0, limit) })
        }
    }

    private static func verdict(_ answer: RESPValue, _ limit: RateLimit) -> RateVerdict? {
        guard let words = answer.array, words.count == 3, let allowed = words[0].integer, let used = words[1].integer,
            let reset = words[2].integer
        else { return nil }
        return RateVerdict(
            isAllowed: allowed == 1, limit: limit.number, remaining: max(0, limit.number - Int(clamping: used)),
            resetSeconds: max(1, Duration.microseconds(reset).secondsRoundedUp))
    }

    /// `RateWindow.count` on Redis' own clock. What a key holds: the bucket of its last request, its count in that bucket, its count
    /// in those before and the oldest of them; then those before, bucket and count. So within a bucket nothing is added up again.
    private static let script = Script(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local number, width, buckets = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local bucket = math.floor(now / width)
        local kept = redis.call('GET', KEYS[1])
        local last, here, before, oldest, past = bucket, 0, 0, bucket, ''
        if kept then
            last, here, before, oldest = struct.unpack('<dI4I4d', kept)
            past = string.sub(kept, 25)
        end
        if last ~= bucket then
            local all = past .. struct.pack('<dI4', last, here)
            here, before, oldest, past = 0, 0, bucket, ''
            for place = 1, #all, 12 do
                local at, count = struct.unpack('<dI4', all, place)
                if at > bucket - buckets - 1 then
                    before, past = before + count, past .. string.sub(all, place, place + 11)
                    if at < oldest then oldest = at end
                end
            end
        end
        local used, allowed = here + before, 0
        if used < number then
            allowed = 1
            redis.call(
                'SET', KEYS[1], struct.pack('<dI4I4d', bucket, here + 1, before, oldest) .. past,
                'PX', math.ceil(width * (buckets + 2) / 1000))
        end
        return {allowed, used + allowed, (oldest + buckets + 1) * width - now}
        """)
}
