import API
import Net
import Redis
import Settings

/// Where the gateway finds the ids of the demonstration's records for the examples of its documentation.
struct DemoNotes: Sendable {
    let who: Operator
    let group: EventLoopGroup

    /// Without Redis the examples show placeholders; the demonstration is loaded all the same.
    func keep(_ ids: [DemoRecord: String]) async {
        guard let url = try? who.read(Setting.redisURL()),
            let settings = RedisSettings(url, tls: try? TLSContext.client())
        else { return }
        let redis = RedisClient(settings, group: group)
        defer { redis.close() }
        let words = ids.flatMap { [RESPArgument($0.key.name), RESPArgument($0.value)] }
        do { _ = try await redis.command(["HSET", RESPArgument(DemoRecord.notes)] + words) } catch {
            who.say("Redis does not answer: the examples at /docs show no ids of the demonstration.")
        }
    }
}
