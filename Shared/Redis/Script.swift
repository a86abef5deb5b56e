internal import Lifecycle

/// A Lua script that runs on the server. It is sent once and then known by its digest; a server that has forgotten it
/// (restarted, flushed) is given it again.
package final class Script: Sendable {
    private let source: String
    private let digest = Locked<String?>(nil)

    package init(_ source: String) { self.source = source }

    package func run(
        on redis: RedisClient, keys: [RESPArgument], _ arguments: [RESPArgument]
    ) async throws(RedisError) -> RESPValue {
        let rest = [RESPArgument(keys.count)] + keys + arguments
        guard let known = digest.withLock({ $0 }) else {
            guard let loaded = try await redis.command("SCRIPT", "LOAD", RESPArgument(source)).text else {
                throw .unexpectedAnswer
            }
            digest.withLock { $0 = loaded }
            return try await redis.command(["EVALSHA", RESPArgument(loaded)] + rest)
        }
        do {
            return try await redis.command(["EVALSHA", RESPArgument(known)] + rest)
        } catch {
            guard error.code == "NOSCRIPT" else { throw error }
            return try await redis.command(["EVAL", RESPArgument(source)] + rest)
        }
    }
}
