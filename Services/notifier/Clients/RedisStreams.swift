package import Messaging
package import Redis

/// Asks Redis.
package struct RedisStreams: StreamSource {
    package let sources: [String]
    private let consumer: String
    private let redis: RedisClient
    private let channels: Channels

    package init(_ sources: [String], of consumer: String, redis: RedisClient, channels: Channels) {
        self.sources = sources
        self.consumer = consumer
        self.redis = redis
        self.channels = channels
    }

    package func standing(of source: String) async -> StreamStanding? {
        guard let groups = try? await redis.groups(of: channels.stream(of: source)),
            let own = groups.first(where: { $0.name == consumer }),
            let repaired = try? await redis.count(at: channels.repaired(of: source))
        else { return nil }
        return StreamStanding(behind: own.lag ?? 0, pending: own.pending, repaired: repaired)
    }
}
