import API
import Redis

/// The ids that `praxis demo` has noted, for the examples of the documentation; in development alone.
struct DemoNotes: Sendable {
    let redis: RedisClient

    /// Empty without Redis: the examples keep their placeholders.
    var ids: [DemoRecord: String] {
        get async {
            let notes = try? await redis.command("HGETALL", RESPArgument(DemoRecord.notes)).members
            return Dictionary(
                (notes ?? [:]).compactMap { name, id in id.text.map { (DemoRecord(name), $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }
}
