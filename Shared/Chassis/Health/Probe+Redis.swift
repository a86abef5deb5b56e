package import Redis

extension Probe {
    /// Whether Redis answers and is the one that can be written to: not a replica, not a Sentinel. A service works
    /// without it, less well.
    package static func redis(_ redis: RedisClient) -> Probe {
        Probe("redis", .degrading) {
            do throws(RedisError) { try await redis.ping() } catch {
                if case .wrongServer(let server) = error { throw ProbeFault(server.rawValue) }
                throw error
            }
        }
    }
}
